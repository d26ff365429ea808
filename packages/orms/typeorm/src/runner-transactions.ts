import { LifeguardError } from '@pool-lifeguard/core';
import type { QueryRunner } from './typeorm-shapes.ts';

/** The methods by which a runner counts its transactions. */
export type TransactionMethods = Pick<
  QueryRunner,
  'startTransaction' | 'commitTransaction' | 'rollbackTransaction'
>;

/**
 * Keeps a runner's own account of its transactions right when a statement fails, and tells when
 * its outermost one was rolled back (`ended`). Without the guard
 * the runner is dead then and nobody asks; under it the runner lives on.
 */
export function transactionMethods(
  bare: TransactionMethods,
  ended: (runner: QueryRunner) => void,
): TransactionMethods {
  return {
    startTransaction(this: QueryRunner, ...isolation) {
      return keepingDepth(this, () => bare.startTransaction.apply(this, isolation));
    },
    commitTransaction(this: QueryRunner, ...none) {
      return keepingDepth(this, () => bare.commitTransaction.apply(this, none));
    },
    async rollbackTransaction(this: QueryRunner, ...none) {
      await keepingDepth(this, () => bare.rollbackTransaction.apply(this, none));
      // The rollback of a transaction whose start had failed, which was never counted.
      if (this.transactionDepth < 0) this.transactionDepth = 0;
      if (!this.isTransactionActive) ended(this);
    },
  };
}

/** TypeORM before 0.3.21 counts before it sends, so a statement that we refuse was counted already. */
async function keepingDepth(runner: QueryRunner, run: () => Promise<void>): Promise<void> {
  const { transactionDepth } = runner;
  try {
    await run();
  } catch (error) {
    if (error instanceof LifeguardError) runner.transactionDepth = transactionDepth;
    throw error;
  }
}
