import { guard } from '@pool-lifeguard/prisma';
import type { ConnectionOptions } from '@pool-lifeguard/testkit';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { PrismaClient } from '../generated/client.ts';
import type { Random } from '../random.ts';
import { expectAnswer, Steps, type Told } from './steps.ts';
import { POOL_SIZE, type Subject, type Task } from './subject.ts';
import { transactionTasks } from './transactions.ts';

/** Whoever waits for a transaction waits for his connection as long as the pool lets him. */
const PATIENT = { maxWait: 20_000, timeout: 25_000 };

/** Opens a client of Prisma on a guarded driver adapter. */
export async function openPrisma(
  login: ConnectionOptions & { readonly database: string },
  told: Told,
  numbers: () => number,
): Promise<Subject> {
  const adapter = guard(
    new PrismaMariaDb({ ...login, connectionLimit: POOL_SIZE, allowPublicKeyRetrieval: true }),
  );
  const prisma = new PrismaClient({ adapter });
  await prisma.$connect();
  const steps = new Steps('prisma', told);
  const tasks = tasksOf(prisma, steps, numbers);
  return { handle: adapter.lifeguard, steps, tasks, close: () => prisma.$disconnect() };
}

const entry = (number: number) => ({ data: { number, filler: 'p'.repeat(100) } });

function tasksOf(prisma: PrismaClient, steps: Steps, numbers: () => number): readonly Task[] {
  const read = async (): Promise<void> => {
    await steps.take('read', () => prisma.entry.findMany({ take: 5 }));
  };
  const readRaw = async (random: Random): Promise<void> => {
    const asked = random.between(1, 1e9);
    await steps.take('read', async () => {
      const [row] = await prisma.$queryRaw<{ number: unknown }[]>`SELECT ${asked} AS number`;
      expectAnswer(row?.number, asked);
    });
  };
  const create = async (): Promise<void> => {
    const number = numbers();
    // Prisma makes a transaction of it, to read what it has stored.
    await steps.write('transaction', [number], () => prisma.entry.create(entry(number)));
  };
  const writeRaw = async (): Promise<void> => {
    const number = numbers();
    const send = (): Promise<number> =>
      prisma.$executeRaw`INSERT INTO ledger (number, filler) VALUES (${number}, 'raw')`;
    await steps.write('write', [number], send);
  };
  const transactions = transactionTasks(steps, numbers, (work) =>
    prisma.$transaction((inside) => work((number) => inside.entry.create(entry(number))), PATIENT),
  );
  return [read, readRaw, create, writeRaw, writeRaw, ...transactions];
}
