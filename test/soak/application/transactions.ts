import { setTimeout as sleep } from 'node:timers/promises';
import { moment } from '../moment.ts';
import type { Random } from '../random.ts';
import { wordOf, type Steps } from './steps.ts';
import type { Task } from './subject.ts';

/** Runs a transaction, which commits if `work` ends well and rolls back if it does not. */
type Transact = (
  work: (write: (number: number) => Promise<unknown>) => Promise<void>,
) => Promise<unknown>;

/** Rolls a transaction back. */
class ChangeOfMind extends Error {}

/** Two writes and pauses in a transaction that commits, and in one that changes its mind. */
export function transactionTasks(
  steps: Steps,
  numbers: () => number,
  transact: Transact,
): readonly [commit: Task, rollBack: Task] {
  const run = (random: Random, both: readonly number[], end: () => void): Promise<unknown> =>
    transact(async (write) => {
      for (const number of both) {
        await write(number);
        await sleep(random.between(0, 60));
      }
      end();
    });
  return [
    async (random) => {
      const both = [numbers(), numbers()];
      let committing = false;
      const send = (): Promise<unknown> => run(random, both, () => (committing = true));
      const word = (error: unknown) => (committing ? wordOf(error) : 'not stored');
      await steps.write('transaction', both, send, word);
    },
    async (random) => {
      const both = [numbers(), numbers()];
      const from = moment();
      const send = (): Promise<unknown> => run(random, both, changeMind).catch(unlessChanged);
      const rolledBack = steps.take('transaction', send);
      await rolledBack.finally(() => steps.written(both, 'not stored', from));
    },
  ];
}

function changeMind(): never {
  throw new ChangeOfMind();
}

function unlessChanged(error: unknown): void {
  if (!(error instanceof ChangeOfMind)) throw error;
}
