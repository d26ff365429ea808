import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { notify } from '@pool-lifeguard/testkit';
import { nowMs } from '../clock.ts';
import type { OrmName } from '../orms.ts';
import { ConnectionLog } from './connection-log.ts';
import { GuardLog } from './guard-log.ts';
import { Job } from './job.ts';
import type { ApplicationLog, BusyTime } from './log.ts';
import { QueryLog } from './query-log.ts';
import { loadStore } from './stores.ts';
import type { MakeStore } from './stores.ts';
import type { DatabaseAddress, TweetStore } from './tweet-store.ts';
import { Users } from './users.ts';
import type { Visit } from './users.ts';

/** What an application is told when its process starts. */
export interface ApplicationOptions {
  readonly orm: OrmName;
  readonly address: DatabaseAddress;
  /** The one thing in which the two applications differ. */
  readonly guarded: boolean;
}

/** How a pool is opened. */
export interface OpenOptions {
  /** Seconds of idleness that each connection asks for, where the server's global is not ours. */
  readonly sessionWaitTimeout: number | undefined;
}

/** Long enough for every goodbye that still finds somebody to hear it. */
const GOODBYE_MS = 1_000;

/** A small application on one ORM, bare or guarded, that notes what happens to it. */
export class Application {
  readonly #options: ApplicationOptions;
  readonly #makeStore: MakeStore;
  readonly #queries = new QueryLog();
  readonly #connections = new ConnectionLog();
  readonly #acts = new GuardLog(this.#connections);
  readonly #users = new Users(this.#queries);
  readonly #busy: BusyTime[] = [];
  #store: TweetStore | undefined;
  #job: Job | undefined;
  #coming: Promise<void> | undefined;

  private constructor(options: ApplicationOptions, makeStore: MakeStore) {
    this.#options = options;
    this.#makeStore = makeStore;
  }

  /** Loads the ORM and creates the table. */
  static async start(options: ApplicationOptions): Promise<Application> {
    const makeStore = await loadStore(options.orm);
    await makeStore({ address: options.address }).migrate();
    return new Application(options, makeStore);
  }

  /** Starts a new pool and fills it. */
  async open({ sessionWaitTimeout }: OpenOptions): Promise<void> {
    const { address, guarded } = this.#options;
    this.#store = this.#makeStore({
      address,
      sessionWaitTimeout,
      onPool: (pool) => this.#connections.watch(pool),
    });
    if (guarded) this.#acts.follow(this.#store.guard());
    await this.#store.open();
  }

  /** Ends the pool, politely if that is still possible. */
  async close(): Promise<void> {
    this.#connections.expectClosing();
    const goodbye = this.#open.close();
    await Promise.race([goodbye, sleep(GOODBYE_MS)]);
    this.#connections.dropAll();
  }

  /** Users come now. */
  visit(visit: Visit): Promise<void> {
    return this.#users.come(this.#open, visit);
  }

  /** Users will come after that long, whatever happens meanwhile; `visited` waits for them. */
  visitLater({ afterMs, ...visit }: Visit & { readonly afterMs: number }): void {
    this.#coming = new Promise((resolve, reject) => {
      setTimeout(() => void this.visit(visit).then(resolve, reject), afterMs);
    });
  }

  async visited(): Promise<void> {
    await this.#coming;
  }

  /** Computes for that long without a pause, so that nothing else happens, and then users come. */
  async compute({ forMs, ...visit }: Visit & { readonly forMs: number }): Promise<void> {
    notify({ type: 'computing' });
    await turn();
    const startMs = nowMs();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
    this.#busy.push({ startMs, endMs: nowMs() });
    await this.visit(visit);
  }

  /** A job takes a connection and reads once. Returns the server's number for that connection. */
  async startJob(): Promise<number> {
    const connection = this.#open.hold?.();
    if (!connection) throw new Error('this ORM holds no connection for a job');
    this.#job = new Job(connection, this.#queries);
    await this.#job.read(1);
    return this.#job.connectionId();
  }

  /** The job reads again on what it holds, and ends. */
  async finishJob(times: number): Promise<void> {
    await this.#job?.read(times);
    await this.#job?.end();
  }

  log(): ApplicationLog {
    return {
      queries: this.#queries.entries,
      connections: this.#connections.entries,
      acts: this.#acts.entries,
      busy: this.#busy,
    };
  }

  get #open(): TweetStore {
    if (!this.#store) throw new Error('the application has no pool yet');
    return this.#store;
  }
}
