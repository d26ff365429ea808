import { LifeguardError, transactionLost, type HeldVerdict } from '@pool-lifeguard/core';
import type { CheckHeld } from './guard-query-runner.ts';
import type { PooledConnection, QueryRunner } from './typeorm-shapes.ts';

/** What is known of a runner beside what TypeORM knows; most runners never have any of it. */
interface Trouble {
  /** The finding of a fresh connection, shared by all statements that are sent meanwhile. */
  healing?: Promise<PooledConnection> | undefined;
  /** The connection in doubt. */
  doubted?: PooledConnection | undefined;
  /** The transaction is lost, and TypeORM still believes in it. */
  lost?: LifeguardError | undefined;
  /** It was released before it had its connection: whoever still uses that gives it back. */
  owed?: boolean | undefined;
}

/** The leases of query runners: taken, moved to a fresh connection, and given back exactly once. */
export class RunnerLeases {
  readonly #bare: QueryRunner;
  readonly #check: CheckHeld;
  readonly #troubles = new WeakMap<QueryRunner, Trouble>();

  constructor(bare: QueryRunner, check: CheckHeld) {
    this.#bare = bare;
    this.#check = check;
  }

  /** The runner's connection: the one it holds, if that is alive, and otherwise a fresh one. */
  connect(runner: QueryRunner, sql: string | undefined): Promise<PooledConnection> {
    const trouble = this.#troubles.get(runner);
    // What TypeORM still takes for a transaction must not go on outside of one.
    if (trouble?.lost) return Promise.reject(trouble.lost);
    if (trouble?.healing) return this.#join(runner, trouble, trouble.healing, sql);
    const connection = runner.databaseConnection;
    // A released runner takes nothing any more; TypeORM answers what it has given back.
    if (connection && runner.isReleased) return Promise.resolve(connection);
    if (!connection) return this.#firstConnect(runner);
    const verdict = this.#check(connection, sql, runner);
    if (verdict === 'keep') return Promise.resolve(connection);
    return this.#heal(runner, connection, verdict);
  }

  /**
   * Rolls back, by TypeORM's account: all of it, or to a savepoint. What is lost already needs no
   * connection for that; until TypeORM has rolled back its outermost level, nothing else is sent.
   */
  async rollBack(
    runner: QueryRunner,
    sql: string,
    send: (sql: string) => Promise<unknown>,
  ): Promise<unknown> {
    if (runner.isReleased || !runner.isTransactionActive) return send(sql);
    const trouble = this.#troubleOf(runner);
    await trouble.healing?.catch(() => undefined);
    const connection = runner.databaseConnection;
    // Lost, or never begun: then not even the first connection was there.
    if (trouble.lost || (!connection && !runner.databaseConnectionPromise)) return undefined;
    if (!connection || (await this.#survives(runner, connection, sql))) return send(sql);
    connection.release();
    forget(runner);
    return undefined;
  }

  /** TypeORM has rolled back its outermost transaction: what was lost of it is settled. */
  transactionEnded(runner: QueryRunner): void {
    const trouble = this.#troubles.get(runner);
    if (trouble) trouble.lost = undefined;
  }

  async #survives(
    runner: QueryRunner,
    connection: PooledConnection,
    sql: string,
  ): Promise<boolean> {
    try {
      if ((await this.#check(connection, sql, runner)) === 'keep') return true;
      this.#troubleOf(runner).lost = transactionLost();
    } catch (error) {
      if (!isTransactionLost(error)) throw error;
      this.#troubleOf(runner).lost = error;
    }
    return false;
  }

  /**
   * TypeORM's own `release()`, which would forget a connection that is still on its way, and give
   * away the next holder's connection when it is called again.
   */
  release(runner: QueryRunner): Promise<void> {
    if (runner.isReleased) return Promise.resolve();
    const healing = this.#troubles.get(runner)?.healing !== undefined;
    const connecting = !runner.databaseConnection && runner.databaseConnectionPromise !== undefined;
    if (!healing && !connecting) return this.#bare.release.call(runner);
    this.#troubleOf(runner).owed = true;
    runner.isReleased = true;
    return Promise.resolve();
  }

  /** Gives back what is owed once this use of the connection has ended. */
  endsWith(runner: QueryRunner, use: Promise<unknown>): void {
    if (runner.databaseConnection && !this.#troubles.get(runner)?.healing) return;
    const end = (): void => {
      const trouble = this.#troubles.get(runner);
      if (!trouble?.owed || !runner.databaseConnection) return;
      trouble.owed = false;
      runner.databaseConnection.release();
    };
    use.then(end, end);
  }

  #heal(
    runner: QueryRunner,
    connection: PooledConnection,
    verdict: Exclude<HeldVerdict, 'keep'> | Promise<HeldVerdict>,
  ): Promise<PooledConnection> {
    const trouble = this.#troubleOf(runner);
    const healing = Promise.resolve(verdict).then(
      (said) => {
        if (said === 'keep') return connection;
        forget(runner);
        return this.#firstConnect(runner);
      },
      (error: unknown) => {
        connection.release();
        forget(runner);
        if (runner.isTransactionActive && isTransactionLost(error)) trouble.lost = error;
        throw error;
      },
    );
    trouble.doubted = connection;
    trouble.healing = healing.finally(() => {
      trouble.healing = undefined;
      trouble.doubted = undefined;
    });
    return trouble.healing;
  }

  /** Another statement of the same moment goes the same way, unless it reads the old session. */
  async #join(
    runner: QueryRunner,
    { doubted }: Trouble,
    healing: Promise<PooledConnection>,
    sql: string | undefined,
  ): Promise<PooledConnection> {
    try {
      const connection = await healing;
      if (doubted && doubted !== connection) await this.#check(doubted, sql, runner);
      return connection;
    } catch (error) {
      // The trouble of the first statement may be its own; this one asks for itself.
      if (!doubted || (await this.#check(doubted, sql, runner)) === 'keep') throw error;
      return this.connect(runner, sql);
    }
  }

  /** TypeORM's own `connect()`, which remembers a failure for ever: that is forgotten here. */
  #firstConnect(runner: QueryRunner): Promise<PooledConnection> {
    const connecting = this.#bare.connect.call(runner);
    connecting.catch(() => {
      if (runner.databaseConnectionPromise === connecting) forget(runner);
    });
    return connecting;
  }

  #troubleOf(runner: QueryRunner): Trouble {
    const known = this.#troubles.get(runner);
    if (known) return known;
    const trouble: Trouble = {};
    this.#troubles.set(runner, trouble);
    return trouble;
  }
}

function forget(runner: QueryRunner): void {
  runner.databaseConnection = undefined;
  runner.databaseConnectionPromise = undefined;
}

function isTransactionLost(error: unknown): error is LifeguardError {
  return error instanceof LifeguardError && error.code.startsWith('LIFEGUARD_TRANSACTION_');
}
