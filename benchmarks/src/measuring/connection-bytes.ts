import { setImmediate as turn } from 'node:timers/promises';
import { collectAll, heapBytes } from './garbage.ts';

/** Heap bytes that each of so many connections holds, once they are all open and at rest. */
export async function connectionBytes(
  open: () => Promise<{ close(): Promise<void> }>,
  connections: number,
): Promise<number> {
  const before = await heapAtRest();
  const opened = await open();
  try {
    return ((await heapAtRest()) - before) / connections;
  } finally {
    await opened.close();
  }
}

/** What was just closed or answered lets go of its memory in the next turn of the event loop. */
async function heapAtRest(): Promise<number> {
  await turn();
  collectAll();
  return heapBytes();
}
