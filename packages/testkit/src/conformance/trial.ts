import { randomBytes } from 'node:crypto';
import type { FaultProxy } from '../proxy/fault-proxy.ts';
import { startProxy } from '../proxy/fault-proxy.ts';
import type { DatabaseServer } from '../server/database-server.ts';
import type { Candidate } from './candidate/candidate.ts';
import type { Drill } from './fault.ts';
import type { ArmedPlan, Outcome, Step } from './orders.ts';
import type { GuardStats, Login, Settings } from './subject.ts';

/** How a trial's pool is to be opened. */
export interface PoolOptions {
  /** How many connections it has when the fault comes; default 4. */
  readonly connections?: number;
  /** Default: as many as it has connections. */
  readonly connectionLimit?: number;
  /** Without the keeper, unless it says so. */
  readonly lifeguard?: Settings | undefined;
  readonly secretLimit?: number | undefined;
  /** Leads through a fault proxy of the trial's own. */
  readonly proxied?: boolean;
  readonly login?: Partial<Login>;
}

/** One drill of one candidate: what it opened, what it does and what came of it. */
export class Trial {
  readonly drill: Drill;
  readonly candidate: Candidate;
  readonly server: DatabaseServer;
  /** What became of the plan. */
  outcomes: readonly Outcome[] = [];
  /** What became of the steps that the drill takes afterwards. */
  later: readonly Outcome[] = [];
  /** The plan has been armed: it begins, or began, by itself. */
  armed: ArmedPlan | undefined;
  /** Before this moment, by the wall clock, no step of an armed plan may have begun. */
  notBefore = 0;
  #proxy: FaultProxy | undefined;
  #table: string | undefined;

  constructor(drill: Drill, candidate: Candidate, server: DatabaseServer) {
    this.drill = drill;
    this.candidate = candidate;
    this.server = server;
  }

  /** The name of its pool, and the beginning of every other name it gives. */
  get pool(): string {
    return this.drill.title;
  }

  get held(): string {
    return `${this.pool}: held`;
  }

  get table(): string {
    if (this.#table === undefined) throw new Error('the trial has no table');
    return this.#table;
  }

  get proxy(): FaultProxy {
    if (!this.#proxy) throw new Error('the pool does not lead through a proxy');
    return this.#proxy;
  }

  async open(options: PoolOptions = {}): Promise<void> {
    const { connections = 4, connectionLimit = Math.max(connections, 1), proxied } = options;
    const { database } = this.candidate;
    const login = { ...this.server.connectionOptions(), database, ...options.login };
    if (proxied) this.#proxy = await startProxy({ host: login.host, port: login.port });
    const { host, port } = this.#proxy ?? login;
    await this.candidate.tell('open', {
      name: this.pool,
      connection: { ...login, host, port },
      connectionLimit,
      connections,
      // What it does between the borrows would hide what becomes of a borrow.
      lifeguard: { keepaliveTime: 0, ...options.lifeguard },
      secretLimit: options.secretLimit,
    });
  }

  /** Holds a connection of the pool and does some steps on it, all of which must work. */
  async hold(...steps: Step[]): Promise<void> {
    await this.candidate.tell('hold', { name: this.held, pool: this.pool });
    const plan = { on: this.held, steps, inTurn: true };
    const refused = (await this.candidate.tell('run', plan)).find(({ ok }) => !ok);
    if (refused) throw new Error(`before the fault: ${refused.error?.message}`);
  }

  /** Does steps one after the other, on the pool unless told otherwise. */
  run(steps: readonly Step[], on = this.pool): Promise<Outcome[]> {
    return this.candidate.tell('run', { on, steps, inTurn: true });
  }

  stats(): Promise<GuardStats | undefined> {
    return this.candidate.tell('stats', this.pool);
  }

  /** Creates the table that the trial writes to; nothing in it keeps a row from being there twice. */
  async createTable(): Promise<void> {
    this.#table = `${this.candidate.database}.t${randomBytes(6).toString('hex')}`;
    await this.server.query(`CREATE TABLE ${this.table} (value INT NOT NULL) ENGINE = InnoDB`);
  }

  /** The values of all stored rows. */
  async stored(): Promise<number[]> {
    const rows = await this.server.query<{ value: number }>(`SELECT value FROM ${this.table}`);
    return rows.map(({ value }) => value).toSorted((one, other) => one - other);
  }

  /** Runs the plan, or waits for what becomes of it, and then does what comes afterwards. */
  async finish(): Promise<void> {
    const plan = this.drill.plan(this);
    if (this.armed) {
      const { outcomes, begunAt } = await this.candidate.tell('collect', this.armed.on);
      if (begunAt < this.notBefore) throw new Error('the steps began before the fault was over');
      this.outcomes = outcomes;
    } else {
      this.outcomes = await this.candidate.tell('run', plan);
    }
    this.later = (await this.drill.afterwards?.(this)) ?? [];
  }

  async close(): Promise<void> {
    await this.#proxy?.stop();
    if (this.#table !== undefined) await this.server.query(`DROP TABLE IF EXISTS ${this.#table}`);
  }
}
