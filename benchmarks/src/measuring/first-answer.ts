import { setTimeout as wait } from 'node:timers/promises';
import type { Ask } from './closed-loop.ts';
import type { Contest, Side } from './compare.ts';

/** Sends what has not been asked for long and returns the milliseconds to its answer. */
export type First = () => Promise<number>;

/** After this long without anything to do, one side's statement finds the process as cold as another's. */
const QUIET_MS = 20;
/** How often a pool may fail before its stale connections are all gone. */
const TRIES = 50;

/** A case whose sides each send one statement, which may fail. */
export function firstAnswers(name: string, sides: readonly Side<First>[]): Contest<First> {
  return {
    name,
    sides,
    mayFail: true,
    measure: async (first) => {
      await wait(QUIET_MS);
      return { answer: await first() };
    },
  };
}

/** Milliseconds that something takes. */
export async function timeOf(doing: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await doing();
  return performance.now() - start;
}

/** Asks on so many connections at once, again and again, until all of them answer. */
export async function freshen(ask: Ask, connections: number): Promise<void> {
  for (let tries = 1; ; tries++) {
    const answers = Array.from({ length: connections }, () => answerTo(ask));
    const failed = (await Promise.allSettled(answers)).find(({ status }) => status === 'rejected');
    if (!failed) return;
    if (tries === TRIES) throw new Error('The pool does not recover.', { cause: failed });
  }
}

/** Sends one statement. */
export function answerTo(ask: Ask): Promise<void> {
  return new Promise((resolve, reject) => {
    ask((error) => (error ? reject(error) : resolve()));
  });
}

/** The same, given up after so many milliseconds. */
export function answerWithin(ms: number, ask: Ask): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
    ask((error) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    });
  });
}
