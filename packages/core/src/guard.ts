import type { EventName, Listener } from './events.ts';
import { Gate } from './gate.ts';
import { HeldConnections } from './held.ts';
import { judge } from './judge.ts';
import { Keeper } from './keeper.ts';
import { LeaseWatch } from './lease-watch.ts';
import type { Policy } from './policy.ts';
import type { PoolDriver } from './pool-driver.ts';
import { Prover } from './prover.ts';
import { Retry } from './retry.ts';
import { Roster, type Surroundings } from './roster.ts';
import type { PoolStats } from './stats.ts';

/** What `evictStale()` found. */
export interface EvictSummary {
  /** Idle connections that were judged. */
  readonly checked: number;
  /** Those among them that were closed. */
  readonly evicted: number;
}

/** What a user holds of a guarded pool. */
export interface Guard {
  /** A snapshot of the pool and its counters; of a cluster, the sum over its nodes. */
  stats(): PoolStats;
  /** Adds an event listener and returns the function that removes it. */
  on<Name extends EventName>(name: Name, listener: Listener<Name>): () => void;
  /**
   * Validates all idle connections now and closes the bad ones: for a job before it starts, or a
   * function after it was thawed.
   */
  evictStale(): Promise<EvictSummary>;
  /** Retires every connection softly: idle ones now, lent ones when they come back. */
  evictAll(): void;
  /** Takes the guard off: the pool is as it was without it. Calling it again does nothing. */
  undo(): void;
}

/** The least time between two drops of a generation because of a failure. */
const DROP_PAUSE_MS = 10_000;

/** Whether anything is to be done between the borrows. */
function isKept({ mode, keepaliveTimeMs, minimumIdle }: Policy): boolean {
  return mode === 'on' && (keepaliveTimeMs !== Infinity || minimumIdle > 0);
}

/** One guarded pool, put together. Driver adapters build on it and add the hooks and the undo. */
export class PoolGuard<C extends object> {
  readonly roster: Roster<C>;
  readonly gate: Gate<C>;
  readonly watch: LeaseWatch<C>;
  readonly held: HeldConnections<C>;
  #droppedAt = -Infinity;

  constructor(driver: PoolDriver<C>, surroundings: Surroundings) {
    this.roster = new Roster(driver, surroundings);
    const prover = new Prover(this.roster);
    this.gate = new Gate(this.roster, prover, surroundings.random);
    this.held = new HeldConnections(this.roster, prover);
    const retry = new Retry({ ...surroundings, repeated: (error) => this.#repeated(error) });
    this.watch = new LeaseWatch(this.roster, retry, () => this.#dropDoubtful());
    if (isKept(surroundings.policy)) {
      this.roster.keeper = new Keeper(this.roster, this.gate, prover);
    }
    this.#adopt();
  }

  async evictStale(): Promise<EvictSummary> {
    const connections = this.acts ? [...this.roster.driver.idle()] : [];
    const kept = await Promise.all(connections.map((connection) => this.#check(connection)));
    return { checked: kept.length, evicted: kept.filter((is) => !is).length };
  }

  evictAll(): void {
    const { driver, health } = this.roster;
    if (!this.acts) return;
    health.generation++;
    for (const connection of [...driver.idle()]) {
      const record = this.roster.get(connection);
      if (record && driver.removeIdle(connection)) {
        this.roster.retire(connection, record, 'generation');
      }
    }
  }

  stats(): PoolStats {
    const { driver, counters, closed, poolName, policy, limits, learned } = this.roster;
    const { pending, validating, opening, busy } = this.gate;
    return {
      poolName,
      mode: policy.mode,
      total: driver.total(),
      idle: driver.idleCount(),
      lent: busy,
      validating,
      opening,
      pending,
      ...counters,
      closed: { ...closed },
      waitTimeoutMs: limits.waitTimeoutMs,
      learnedIdleTimeoutMs: Number.isFinite(learned.idleMs) ? learned.idleMs : undefined,
    };
  }

  /** Whether it may change anything: not while it only observes, and not after the undo. */
  protected get acts(): boolean {
    return this.roster.policy.mode === 'on';
  }

  /**
   * A failure made all older connections doubtful. Once is enough for a while: a replica that is
   * read-only by nature says so at every stray write, and is not to be dialed anew each time.
   */
  #dropDoubtful(): void {
    const now = this.roster.clock.now();
    if (now - this.#droppedAt < DROP_PAUSE_MS) return;
    this.#droppedAt = now;
    this.evictAll();
  }

  #repeated(error: Error): void {
    this.roster.counters.retries++;
    this.roster.emit('retried', () => ({ error }));
  }

  /** Connections from before the guard: nothing is known of them, so they are suspect. */
  #adopt(): void {
    const { driver } = this.roster;
    for (const connection of driver.idle()) this.roster.enroll(connection, 'idle').suspect = true;
    for (const connection of driver.lent()) this.roster.enroll(connection, 'leased').suspect = true;
  }

  #check(connection: C): Promise<boolean> {
    const { clock, policy, health, driver } = this.roster;
    const record = this.roster.get(connection);
    if (!record) return Promise.resolve(true);
    const now = clock.glance();
    const judgement = judge(record, now, clock.awake(now), policy, health);
    if (judgement.verdict === 'evict') {
      if (driver.removeIdle(connection)) this.roster.retire(connection, record, judgement.reason);
      return Promise.resolve(false);
    }
    const by = judgement.verdict === 'ping' ? 'ping' : 'look';
    return new Promise((resolve) => this.gate.validate(connection, by, resolve));
  }
}
