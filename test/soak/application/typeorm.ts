import type { ConnectionOptions } from '@pool-lifeguard/testkit';
import { guard } from '@pool-lifeguard/typeorm';
import { DataSource } from 'typeorm';
import type { Random } from '../random.ts';
import { echoed, HeldRunner, INSERT } from './held-runner.ts';
import { Steps, type Told } from './steps.ts';
import { POOL_SIZE, type Subject, type Task } from './subject.ts';
import { transactionTasks } from './transactions.ts';

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

function tasksOf(dataSource: DataSource, steps: Steps, numbers: () => number): readonly Task[] {
  const read = async (random: Random): Promise<void> => {
    const asked = random.between(1, 1e9);
    await steps.take('read', () => echoed(dataSource, asked));
  };
  const write = async (): Promise<void> => {
    const number = numbers();
    await steps.write('write', [number], () => dataSource.query(INSERT, [number]));
  };
  const transactions = transactionTasks(steps, numbers, (work) =>
    dataSource.transaction((manager) => work((number) => manager.query(INSERT, [number]))),
  );
  const hold = async (random: Random): Promise<void> => {
    await new HeldRunner(dataSource.createQueryRunner(), steps, numbers).use(random);
  };
  return [read, read, write, write, ...transactions, hold];
}
