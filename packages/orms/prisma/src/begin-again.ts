import { noteUnserved, orAgain, shadow, wasUnserved } from '@pool-lifeguard/core';
import type { Installed } from '@pool-lifeguard/mariadb';
import type { Pool, Transaction } from './prisma-shapes.ts';

type Begin = () => Promise<Transaction>;

/** The pool that transactions borrow from, and its guard. */
export interface Lender {
  readonly pool: Pool;
  readonly guard: Pick<Installed, 'recognize'>;
}

/**
 * Begins a transaction, and once more on another connection where its first statement was lost and the
 * server certainly has not run it (option `retry`): Prisma knows nothing of the transaction until then.
 * The error that this rejects with is always the adapter's own.
 *
 * @param mayRun asked before each time but the first: `false` if it is too late.
 */
export async function beginOrAgain(
  lender: Lender,
  begin: Begin,
  mayRun: () => boolean,
): Promise<Transaction> {
  const beginOnce = (): Promise<Transaction> => beginKnown(lender, begin);
  try {
    return await beginOnce();
  } catch (error) {
    return orAgain(error, beginOnce, mayRun);
  }
}

/** Begins a transaction. The adapter drops what the driver said; its error is made known as that. */
async function beginKnown({ pool, guard }: Lender, begin: Begin): Promise<Transaction> {
  const { begun, borrowed } = watchBorrow(pool, begin);
  try {
    return await begun;
  } catch (error) {
    await borrowed?.then(
      (connection) => guard.recognize(error, connection),
      (refusal: unknown) => recognizeRefusal(error, refusal),
    );
    throw error;
  }
}

/** Begins a transaction, which asks the pool for its connection before it gives its promise. */
function watchBorrow(
  pool: Pool,
  begin: Begin,
): { begun: Promise<Transaction>; borrowed: Promise<object> | undefined } {
  const { getConnection } = pool;
  let borrowed: Promise<object> | undefined;
  const restore = shadow(pool, 'getConnection', (...borrow) => {
    borrowed = getConnection.apply(pool, borrow);
    return borrowed;
  });
  try {
    return { begun: begin(), borrowed };
  } finally {
    restore();
  }
}

/** The adapter says in its own words that no connection was to be had. */
function recognizeRefusal(error: unknown, refusal: unknown): void {
  if (error instanceof Error && refusal instanceof Error && wasUnserved(refusal)) {
    noteUnserved(error);
  }
}
