import { execFile } from 'node:child_process';

/** What `run` may be told beyond the command itself. */
export interface RunOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** Runs a command to its end and returns its standard output; a failure carries what it said. */
export function run(
  command: string,
  args: readonly string[],
  { input, env }: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: OUTPUT_LIMIT, env: { ...process.env, LC_ALL: 'C', ...env } };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const said = lastLines(stderr || stdout);
      return reject(new Error(`${command} failed: ${said || error.message}`, { cause: error }));
    });
    // A command that ends before it has read its input is judged by its exit code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });
}

/** The end of a log, short enough to be put into an error message. */
export function lastLines(text: string, count = 12): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
