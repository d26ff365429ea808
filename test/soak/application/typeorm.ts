import type { ConnectionOptions } from '@pool-lifeguard/testkit';
import { guard } from '@pool-lifeguard/typeorm';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { Random } from '../random.ts';
import { echoed, HeldRunner, INSERT } from './held-runner.ts';
import { Steps, wordOf, type Told } from './steps.ts';
import { POOL_SIZE, type Subject, type Task } from './subject.ts';

/** Opens a guarded data source. */
export async function openTypeorm(
  { user: username, ...login }: ConnectionOptions & { readonly database: string },
  told: Told,
  numbers: () => number,
): Promise<Subject> {
  const dataSource = new DataSource({ type: 'mysql', ...login, username, poolSize: POOL_SIZE });
  const handle = guard(dataSource);
  await dataSource.initialize();
  const steps = new Steps('typeorm', told);
  const tasks = tasksOf(dataSource, steps, numbers);
  return { handle, steps, tasks, close: () => dataSource.destroy() };
}

/** Rolls a transaction back. */
class ChangeOfMind extends Error {}

function tasksOf(dataSource: DataSource, steps: Steps, numbers: () => number): readonly Task[] {
  const read = async (random: Random): Promise<void> => {
    const asked = random.between(1, 1e9);
    await steps.take('read', () => echoed(dataSource, asked));
  };
  const write = async (): Promise<void> => {
    const number = numbers();
    await steps.write('write', [number], () => dataSource.query(INSERT, [number]));
  };
  /** Runs a transaction of two writes; `end` is called before its commit. */
  const transact = (random: Random, both: readonly number[], end: () => void): Promise<void> =>
    dataSource.transaction(async (manager) => {
      for (const number of both) {
        await manager.query(INSERT, [number]);
        await sleep(random.between(0, 60));
      }
      end();
    });
  const commit = async (random: Random): Promise<void> => {
    const both = [numbers(), numbers()];
    let committing = false;
    const send = (): Promise<void> => transact(random, both, () => (committing = true));
    const word = (error: unknown) => (committing ? wordOf(error) : 'not stored');
    await steps.write('transaction', both, send, word);
  };
  const rollBack = async (random: Random): Promise<void> => {
    const both = [numbers(), numbers()];
    const changeMind = (): never => {
      throw new ChangeOfMind();
    };
    const send = (): Promise<void> =>
      transact(random, both, changeMind).catch((error: unknown) => {
        if (!(error instanceof ChangeOfMind)) throw error;
      });
    const rolledBack = steps.take('transaction', send, undefined, both);
    await rolledBack.finally(() => steps.written(both, 'not stored'));
  };
  const hold = async (random: Random): Promise<void> => {
    await new HeldRunner(dataSource.createQueryRunner(), steps, numbers).use(random);
  };
  return [read, read, write, write, commit, rollBack, hold];
}
