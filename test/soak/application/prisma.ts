import { guard } from '@pool-lifeguard/prisma';
import type { ConnectionOptions } from '@pool-lifeguard/testkit';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { setTimeout as sleep } from 'node:timers/promises';
import { PrismaClient } from '../generated/client.ts';
import type { Random } from '../random.ts';
import { Steps, WrongAnswer, wordOf, type Told } from './steps.ts';
import { POOL_SIZE, type Subject, type Task } from './subject.ts';

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

/** Rolls a transaction back. */
class ChangeOfMind extends Error {}

const entry = (number: number) => ({ data: { number, filler: 'p'.repeat(100) } });

function tasksOf(prisma: PrismaClient, steps: Steps, numbers: () => number): readonly Task[] {
  const read = async (): Promise<void> => {
    await steps.take('read', () => prisma.entry.findMany({ take: 5 }));
  };
  const readRaw = async (random: Random): Promise<void> => {
    const asked = random.between(1, 1e9);
    await steps.take('read', async () => {
      const [row] = await prisma.$queryRaw<{ number: unknown }[]>`SELECT ${asked} AS number`;
      const answer = String(row?.number);
      if (Number(answer) !== asked) throw new WrongAnswer(`${answer} instead of ${asked}`);
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
  const transact = (random: Random, both: readonly number[], end: () => void): Promise<void> =>
    prisma.$transaction(async (transaction) => {
      for (const number of both) {
        await transaction.entry.create(entry(number));
        await sleep(random.between(0, 60));
      }
      end();
    }, PATIENT);
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
  return [read, readRaw, create, writeRaw, writeRaw, commit, rollBack];
}
