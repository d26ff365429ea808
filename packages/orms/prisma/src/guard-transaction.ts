import { LifeguardError, shadow } from '@pool-lifeguard/core';
import type { Installed } from '@pool-lifeguard/mariadb';
import { attachLoss } from './loss.ts';
import type { Query, Transaction } from './prisma-shapes.ts';

type Method = Exclude<keyof Transaction, 'client'>;

/** What each method of a transaction sends. */
const STATEMENTS: Readonly<Record<Method, (given: unknown) => string>> = {
  queryRaw: (query) => (query as Query).sql,
  executeRaw: (query) => (query as Query).sql,
  commit: () => 'COMMIT',
  rollback: () => 'ROLLBACK',
  createSavepoint: (name) => `SAVEPOINT ${String(name)}`,
  rollbackToSavepoint: (name) => `ROLLBACK TO ${String(name)}`,
  releaseSavepoint: (name) => `RELEASE SAVEPOINT ${String(name)}`,
};

/**
 * Judges a transaction's connection before each of its statements, so that none waits on a dead
 * one. Such a statement fails with Prisma's own error, and what became of the transaction is
 * attached to it: nothing here answers in Prisma's place.
 */
export function guardTransaction(
  transaction: Transaction,
  checkHeld: Installed['checkHeld'],
): Transaction {
  const loss = (sql: string): Promise<LifeguardError | undefined> | undefined => {
    const verdict = checkHeld(transaction.client, sql, transaction);
    return verdict === 'keep' ? undefined : lossIn(Promise.resolve(verdict));
  };
  for (const name of Object.keys(STATEMENTS) as Method[]) {
    const bare = transaction[name] as ((given: unknown) => Promise<unknown>) | undefined;
    if (typeof bare !== 'function') continue;
    shadow(transaction, name, async (given: unknown) => {
      const sql = STATEMENTS[name](given);
      const judging = loss(sql);
      const lost = judging && (await judging);
      try {
        return await bare.call(transaction, given);
      } catch (error) {
        attachLoss(error, lost ?? (await loss(sql)));
        throw error;
      }
    });
  }
  return transaction;
}

/** A connection that is dead has been closed by then, so what is sent on it fails at once. */
async function lossIn(verdict: Promise<unknown>): Promise<LifeguardError | undefined> {
  try {
    await verdict;
    return undefined;
  } catch (error) {
    if (error instanceof LifeguardError) return error;
    throw error;
  }
}
