import type { HeldConnection } from '@pool-lifeguard/testkit/conformance';
import type { Client } from '../support/versions.ts';
import { numbered } from './numbered.ts';

/** Longer than anything that a test does within a transaction. */
const TIMEOUT_MS = 60_000;

type Transaction = Parameters<Parameters<Client['$transaction']>[0]>[0];

/** The end of a transaction, which its holder brings about. */
class End {
  commit!: () => void;
  rollback!: (error: Error) => void;
  readonly comes = new Promise<void>((resolve, reject) => {
    this.commit = resolve;
    this.rollback = reject;
  });
}

/**
 * An interactive transaction: the only time for which Prisma keeps a connection. It begins with the
 * hold, and a release without a commit rolls it back.
 */
export async function hold(prisma: Client): Promise<HeldConnection> {
  const end = new End();
  let transaction: Promise<void> | undefined;
  const tx = await new Promise<Transaction>((resolve, reject) => {
    const held = (given: Transaction): Promise<void> => {
      resolve(given);
      return end.comes;
    };
    transaction = prisma.$transaction(held, { timeout: TIMEOUT_MS });
    transaction.catch(reject);
  });
  const undo = async (): Promise<void> => {
    end.rollback(new Error('rolled back'));
    await transaction?.catch(() => {});
  };
  return {
    query: async (sql, params = []) => numbered(await tx.$queryRawUnsafe(sql, ...params)),
    begin: () => Promise.resolve(),
    async commit() {
      end.commit();
      await transaction;
    },
    rollback: undo,
    release: undo,
  };
}
