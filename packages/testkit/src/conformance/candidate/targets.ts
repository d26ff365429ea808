import { waitUntil } from '../../tools/wait-until.ts';
import type { OpenOrder, Step } from '../orders.ts';
import type { GuardStats, HeldConnection, Subject, SubjectPool } from '../subject.ts';

/** Who was reached; keeps its connection, lest another statement of the same moment gets it too. */
const use = (seconds: number): string =>
  `SELECT CONNECTION_ID() AS id, @@wait_timeout AS seconds, SLEEP(${seconds})`;
/** Seconds; and this many times as long at each further try, for a machine that is busy. */
const [KEEP_S, LONGER] = [0.1, 1.5];

/** Longer than reading the limits takes that are not known yet. */
const REST_MS = 2_000;

type Used = readonly [{ readonly id: unknown; readonly seconds: unknown }];

/** What steps can be done on: a pool, or a connection held from it. */
export interface Target {
  act(step: Step): Promise<unknown>;
  /** Uses every connection of it, so that the idle time of all begins anew. */
  refresh(): Promise<unknown>;
  close(): Promise<unknown>;
}

/** A pool of the subject, with as many connections as were ordered. */
export class PoolTarget implements Target {
  readonly #pool: SubjectPool;
  readonly #order: OpenOrder;

  private constructor(pool: SubjectPool, order: OpenOrder) {
    this.#pool = pool;
    this.#order = order;
  }

  /** Opens the pool and its connections, and lets a guard read the server's limits. */
  static async open(subject: Subject, way: string, order: OpenOrder): Promise<PoolTarget> {
    const { connection, connectionLimit, connections, lifeguard, secretLimit } = order;
    let limitsRead = 0;
    const on = { limitRead: () => void (limitsRead += 1) };
    // A limit that is lowered behind the guard's back must not be read by it afterwards.
    const awaited = secretLimit !== undefined || lifeguard !== undefined;
    const settings = awaited ? { ...lifeguard, on } : undefined;
    const pool = await subject.open({ connection, connectionLimit, way, lifeguard: settings });
    const target = new PoolTarget(pool, order);
    await target.#useEach();
    if (pool.guard && connections > 0) {
      const known = (): boolean => pool.guard?.stats().waitTimeoutMs !== undefined;
      const allRead = (): boolean => limitsRead >= connections;
      await target.#untilRead(awaited ? allRead : known);
    }
    return target;
  }

  act({ do: what, sql = '', params }: Step): Promise<unknown> {
    if (what !== 'query') throw new Error(`a pool does not know ${what}`);
    return this.#pool.query(sql, params);
  }

  refresh(): Promise<unknown> {
    const { secretLimit } = this.#order;
    if (secretLimit === undefined) return this.#useEach();
    const lower = (keepS: number): string =>
      `SET SESSION wait_timeout = ${secretLimit} + SLEEP(${keepS})`;
    return this.#useEach(({ seconds }) => Number(seconds) === secretLimit, lower);
  }

  async hold(): Promise<HeldTarget> {
    if (!this.#pool.hold) throw new Error('the subject holds no connections');
    return new HeldTarget(await this.#pool.hold());
  }

  stats(): GuardStats | undefined {
    return this.#pool.guard?.stats();
  }

  close(): Promise<unknown> {
    return this.#pool.close();
  }

  /**
   * Waits until the guard has read the limits that it reads at rest. A connection that did not tell
   * its limit in time has been closed, and only use opens another in its place.
   */
  async #untilRead(limitsRead: () => boolean): Promise<void> {
    let usedAt = performance.now();
    const read = async (): Promise<boolean> => {
      if (limitsRead()) return true;
      if (performance.now() - usedAt < REST_MS) return false;
      await this.#useEach();
      usedAt = performance.now();
      return false;
    };
    await waitUntil(read, { what: 'the limits read', timeoutMs: 30_000 });
  }

  /**
   * Uses every connection, and does something on it first. Statements of the same moment may share
   * a connection, so this goes on until as many as there should be were reached, and are as wanted.
   */
  async #useEach(
    isAsWanted: (used: Used[0]) => boolean = () => true,
    first?: (keepS: number) => string,
  ): Promise<void> {
    const { connections } = this.#order;
    let keepS = KEEP_S;
    await waitUntil(
      async () => {
        if (first) await this.#useAll(first(keepS));
        const used = ((await this.#useAll(use(keepS))) as Used[]).map(([row]) => row);
        keepS *= LONGER;
        return new Set(used.filter(isAsWanted).map(({ id }) => id)).size === connections;
      },
      { what: `${connections} connections`, timeoutMs: 30_000 },
    );
  }

  /** As many statements at once as there are to be connections. */
  #useAll(sql: string): Promise<unknown[]> {
    const { connections } = this.#order;
    return Promise.all(Array.from({ length: connections }, () => this.#pool.query(sql)));
  }
}

/** A connection held from a pool. */
export class HeldTarget implements Target {
  readonly #held: HeldConnection;
  #released = false;

  constructor(held: HeldConnection) {
    this.#held = held;
  }

  act({ do: what, sql = '', params }: Step): Promise<unknown> {
    switch (what) {
      case 'query':
        return this.#held.query(sql, params);
      case 'stream':
        if (!this.#held.stream) throw new Error('the subject has no streams');
        return this.#held.stream(sql);
      case 'release':
        this.#released = true;
        return this.#held.release();
      case 'begin':
      case 'commit':
      case 'rollback':
        return this.#held[what]();
    }
  }

  refresh(): Promise<unknown> {
    return this.#held.query('SELECT 1');
  }

  async close(): Promise<void> {
    if (!this.#released) await this.#held.release();
  }
}
