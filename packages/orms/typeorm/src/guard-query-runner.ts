import { orAgain, recognizeCopy, rollsBack, type HeldVerdict } from '@pool-lifeguard/core';
import { RunnerLeases } from './runner-leases.ts';
import { transactionMethods, type TransactionMethods } from './runner-transactions.ts';
import type { PooledConnection, QueryRunner } from './typeorm-shapes.ts';

/** Judges the connection that a runner holds, before its next statement. */
export type CheckHeld = (
  connection: PooledConnection,
  sql: string | undefined,
  runner: QueryRunner,
) => HeldVerdict | Promise<HeldVerdict>;

/**
 * Guards the query runners of one driver. `connect()`, which `query()` and `stream()` await first,
 * is where the lease moves: a dead connection is given up there and a fresh one taken, so that no
 * connection object ever does anything but its own work.
 *
 * A runner is created for nearly every statement, so it must cost nothing: the methods are made once
 * and assigned one by one, which leaves the engine's inline caches alone (a prototype set afterwards,
 * or `defineProperty`, cost twelve microseconds a statement).
 */
export function guardedRunners(check: CheckHeld): (runner: QueryRunner) => QueryRunner {
  const known = new WeakMap<object, RunnerMethods>();
  return (runner) => {
    const own = Object.getPrototypeOf(runner) as QueryRunner;
    let methods = known.get(own);
    if (!methods) known.set(own, (methods = guardedMethods(own, check)));
    runner.connect = methods.connect;
    runner.query = methods.query;
    runner.stream = methods.stream;
    runner.release = methods.release;
    runner.startTransaction = methods.startTransaction;
    runner.commitTransaction = methods.commitTransaction;
    runner.rollbackTransaction = methods.rollbackTransaction;
    return runner;
  };
}

type RunnerMethods = TransactionMethods &
  Pick<QueryRunner, 'connect' | 'query' | 'stream' | 'release'>;

function guardedMethods(bare: QueryRunner, check: CheckHeld): RunnerMethods {
  const leases = new RunnerLeases(bare, check);
  /** The statement that is just being sent: `connect()` is called before `send()` returns. */
  let sending: string | undefined;
  const asking = <T>(sql: string, send: () => Promise<T>): Promise<T> => {
    sending = sql;
    try {
      return send();
    } finally {
      sending = undefined;
    }
  };
  return {
    connect(this: QueryRunner) {
      const sql = sending;
      sending = undefined;
      const connecting = leases.connect(this, sql);
      if (sql === undefined) leases.endsWith(this, connecting);
      return connecting;
    },
    query(this: QueryRunner, sql, ...rest) {
      const send = (text: string): Promise<unknown> =>
        asking(text, () => bare.query.call(this, text, ...rest));
      const result =
        this.isTransactionActive && rollsBack(sql)
          ? leases.rollBack(this, sql, send)
          : send(sql).catch((error: unknown) =>
              repeat(this, error, () => {
                const again = send(sql);
                leases.endsWith(this, again);
                return again;
              }),
            );
      leases.endsWith(this, result);
      return result;
    },
    stream(this: QueryRunner, sql, ...rest) {
      const result = asking(sql, () => bare.stream.call(this, sql, ...rest));
      leases.endsWith(this, result.then(closed));
      return result;
    },
    release(this: QueryRunner) {
      return leases.release(this);
    },
    ...transactionMethods(bare, (runner) => leases.transactionEnded(runner)),
  };
}

/** A statement failed: runs it again where that is safe (option `retry`), as its runner's next one. */
function repeat<T>(runner: QueryRunner, error: unknown, send: () => Promise<T>): Promise<T> {
  recognizeCopy(error, runner.databaseConnection);
  const sendAgain = (): Promise<T> =>
    send().catch((again: unknown) => {
      recognizeCopy(again, runner.databaseConnection);
      throw again;
    });
  // Only while the runner has not gone on: had it moved for another statement meanwhile, that one
  // might have begun a transaction.
  return orAgain(error, sendAgain, (lost) => {
    return !runner.isReleased && runner.databaseConnection === lost;
  });
}

/** When a stream has no more use for its connection. */
async function closed(stream: unknown): Promise<void> {
  const { once } = stream as NodeJS.ReadableStream;
  await new Promise((resolve) => once.call(stream, 'close', resolve));
}
