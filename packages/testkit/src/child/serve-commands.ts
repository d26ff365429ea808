import { isCall } from './messages.ts';
import type { AnswerMessage, CallMessage, Notice } from './messages.ts';
import { packError } from './wire-error.ts';

/** The commands that a child script offers to the test which spawned it. */
export type Commands = Readonly<Record<string, (arg: never) => unknown>>;

/**
 * To be called in a script run by `spawnChild`: runs the commands that the parent calls, and ends
 * the process when the parent is gone.
 */
export function serveCommands(commands: Commands): void {
  process.on('message', (message) => {
    if (isCall(message)) void answer(commands, message);
  });
  process.on('disconnect', () => process.exit());
  notify({ type: 'ready' });
}

/** Tells the parent something which it has not asked for; see `waitFor`. */
export function notify(notice: Notice): void {
  process.send?.(notice);
}

async function answer(commands: Commands, { id, command, arg }: CallMessage): Promise<void> {
  const base = { type: 'lifeguard:answer', id } as const;
  try {
    const run = commands[command];
    if (!run) throw new Error(`the child has no command ${command}`);
    reply({ ...base, result: await run(arg as never) });
  } catch (error) {
    reply({ ...base, error: packError(error) });
  }
}

function reply(message: AnswerMessage): void {
  process.send?.(message);
}
