import { ServerUnavailableError } from '@pool-lifeguard/testkit';
import { ArgumentsError, readArguments } from './arguments.ts';
import { Cleanup } from './cleanup.ts';
import { runDemo } from './demo.ts';
import { HostError } from './stage/flavour-at.ts';

// The command behind `npm run demo`.

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

const SHOW_CURSOR = '\u001B[?25h';

const cleanup = new Cleanup();
let stopping = false;

for (const [signal, code] of Object.entries(SIGNALS)) {
  // Not once: a terminal's Ctrl-C may come twice, from the terminal and from npm.
  process.on(signal, () => void stop(code));
}

try {
  process.exitCode = await runDemo(readArguments(process.argv.slice(2)), cleanup);
} catch (error) {
  // What breaks because everything is being stopped is no news.
  if (!stopping) process.exitCode = fail(error);
}
await cleanup.run();
// After a failure, something half done may still be open and would keep the process alive.
if (process.exitCode !== 0 && !stopping) process.exit();

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  process.exitCode = code;
  process.stdout.write(
    `${process.stdout.isTTY ? SHOW_CURSOR : ''}\nStopped; removing what was started\n`,
  );
  await cleanup.run();
  process.exit();
}

function fail(error: unknown): number {
  if (error instanceof ArgumentsError) {
    const stream = error.exitCode === 0 ? process.stdout : process.stderr;
    stream.write(`${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`The demo could not be played to its end. ${explain(error)}\n`);
  return 1;
}

/** What a server says, or that there is none, needs no stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isPlain = error instanceof HostError || error instanceof ServerUnavailableError;
  return isPlain || 'sqlMessage' in error ? error.message : (error.stack ?? error.message);
}
