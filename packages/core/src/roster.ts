import type { Clock } from './clock.ts';
import {
  ConnectionRecord,
  JITTER,
  type CloseReason,
  type ConnectionState,
  type ConnectionView,
} from './connection-record.ts';
import { harmless, type Emitter, type EventName, type Events, type PoolEvent } from './events.ts';
import type { PoolHealth } from './judge.ts';
import type { Keeper } from './keeper.ts';
import { learnFromClose } from './learn-from-close.ts';
import { LearnedLimit } from './learned-limit.ts';
import { Leaks } from './leaks.ts';
import { LeaseSession } from './lease-session.ts';
import { afterLook, STANDSTILL_MS } from './looks.ts';
import { NameChanges } from './name-changes.ts';
import { Peers } from './peers.ts';
import type { Policy } from './policy.ts';
import type { PoolDriver } from './pool-driver.ts';
import { ServerLimits } from './server-limits.ts';
import { newCounters, type Counters } from './stats.ts';
import { UsualTime } from './usual-time.ts';

/**
 * The part by which jitter may shorten a lifetime. With less, pools that were filled together stay in
 * step for days.
 */
const LIFETIME_JITTER = 0.25;

/** What a guarded pool is given beside its driver. */
export interface Surroundings {
  readonly policy: Policy;
  /** Shared by the nodes of a cluster. */
  readonly emitter: Emitter;
  readonly clock: Clock;
  /** From 0 to 1, as `Math.random`: for jitter. */
  readonly random: () => number;
}

/**
 * Everything that is known of one guarded pool: its policy, its connections, its counts. The gate
 * and its helpers share it; only they change it.
 */
export class Roster<C extends object> {
  readonly driver: PoolDriver<C>;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly poolName: string;
  readonly emitter: Emitter;
  readonly counters: Counters = newCounters();
  /**
   * How many connections are in the two states that the gate counts, and how many of those that are
   * being validated are late with their answer.
   */
  readonly count = { proving: 0, draining: 0, late: 0 };
  readonly closed: Partial<Record<CloseReason, number>> = {};
  /** How long a ping of this pool takes. */
  readonly usualPing = new UsualTime();
  readonly names = new NameChanges();
  readonly learned = new LearnedLimit();
  readonly health: PoolHealth = {
    generation: 0,
    suspectBefore: -Infinity,
    learned: this.learned,
  };
  readonly limits: ServerLimits;
  /** Only where the user wants leaks reported. */
  readonly leaks: Leaks<C> | undefined;
  readonly #records = new WeakMap<C, ConnectionRecord>();
  readonly #peers = new Peers();
  /** From 0 to 1, as `Math.random`: for jitter. */
  readonly random: () => number;
  /** Looks after the connections between the borrows; none while only observing. */
  keeper: Keeper<C> | undefined;
  readonly #warned = new Set<string>();
  #lastId = 0;

  constructor(driver: PoolDriver<C>, { policy, emitter, clock, random }: Surroundings) {
    this.driver = driver;
    this.policy = policy;
    this.clock = clock;
    this.poolName = policy.poolName ?? driver.name;
    this.emitter = emitter;
    this.limits = new ServerLimits(policy, (message) => this.warn(message));
    this.random = random;
    if (policy.leakDetectionMs < Infinity) this.leaks = new Leaks(this);
  }

  get(connection: C): ConnectionRecord | undefined {
    return this.#records.get(connection);
  }

  /** Begins to know a connection. */
  enroll(
    connection: C,
    state: ConnectionState,
    generation = this.health.generation,
  ): ConnectionRecord {
    const now = this.clock.glance();
    const awake = this.clock.awake(now);
    this.learned.review(now);
    const jitter = 1 - this.random() * JITTER;
    const record = new ConnectionRecord(
      {
        id: ++this.#lastId,
        peer: this.#peers.heard(this.driver.peer(connection), awake),
        generation,
        state,
        session: new LeaseSession(),
        jitter,
        lifetimeJitter: 1 - this.random() * LIFETIME_JITTER,
        idleLimitMs: this.limits.idleLimitMs() * jitter,
        silenceLimitMs: this.limits.silenceLimitMs() * jitter,
      },
      now,
      awake,
      this.limits.lifetimeMs(),
    );
    this.#tally(state, 1);
    record.bytesAtRest = this.driver.bytesRead(connection);
    this.#records.set(connection, record);
    this.keeper?.enrolled(connection, record);
    return record;
  }

  /** A connection goes on to another part of its life. */
  enter(record: ConnectionRecord, state: ConnectionState): void {
    if (record.state === 'leased') this.leaks?.ended(record);
    this.#tally(record.state, -1);
    this.#tally(state, 1);
    record.state = state;
    if (record.late) this.count.late--;
    record.late = false;
  }

  /** The answer of a connection that is being validated is late: nobody counts on it any more. */
  noteLate(record: ConnectionRecord): void {
    if (record.state !== 'proving' || record.late) return;
    record.late = true;
    this.count.late++;
  }

  #tally(state: ConnectionState, by: 1 | -1): void {
    if (state === 'proving') this.count.proving += by;
    else if (state === 'draining') this.count.draining += by;
  }

  /** Why a connection must not be lent any more, whether it rests or not. */
  unfit(connection: C, record: ConnectionRecord): CloseReason | undefined {
    return record.poisoned ? 'poisoned' : this.driver.defect(connection);
  }

  /** What is wrong with a connection at rest, as far as this process knows. */
  defect(connection: C, record: ConnectionRecord): CloseReason | undefined {
    const known = this.unfit(connection, record);
    if (known !== undefined) return known;
    // A server has nothing to say to an idle client but goodbye, so any byte is that.
    return this.driver.bytesRead(connection) === record.bytesAtRest ? undefined : 'closed';
  }

  /** Commands still run on it, so it is not at rest: its own, or those of before its release. */
  busy(connection: C, record: ConnectionRecord): boolean {
    if (record.state === 'leased') return this.driver.busy(connection);
    if (record.busy) record.busy = this.driver.busy(connection);
    return record.busy;
  }

  /** Where a connection belongs among the idle ones: before those that were used after it. */
  placeOf({ idleSince }: ConnectionRecord): number {
    let place = 0;
    for (const connection of this.driver.idle()) {
      if ((this.get(connection)?.idleSince ?? -Infinity) > idleSince) break;
      place++;
    }
    return place;
  }

  /** The server was just heard on this connection. */
  heard(connection: C, record: ConnectionRecord, now: number): void {
    const { learned } = this;
    const silentMs = now - record.silentSince;
    if (silentMs > learned.survivedMs || now >= learned.survivalEndsAt) {
      learned.survived(silentMs, now);
    }
    record.heard(now, this.clock.awake(now), this.driver.bytesRead(connection));
    if (record.gapMs < STANDSTILL_MS || record.gapHolds) return;
    record.gapHolds = true;
    afterLook(this.clock, () => (record.gapHolds = false));
  }

  /** Something happened that may have ended any connection: those not heard since are suspect. */
  suspectAll(): void {
    this.health.suspectBefore = this.clock.awake(this.clock.glance());
  }

  /** Notes that a connection has left the pool; only the first reason counts. */
  noteClosed(record: ConnectionRecord, reason: CloseReason): void {
    const { state } = record;
    if (state === 'closed') return;
    this.enter(record, 'closed');
    const isHangUp = reason === 'closed' || reason === 'ping-failed';
    if (isHangUp && (state === 'idle' || state === 'proving')) learnFromClose(this, record);
    this.closed[reason] = (this.closed[reason] ?? 0) + 1;
    this.keeper?.closed(record, reason, state === 'leased');
    this.emit('closed', () => ({ connection: this.view(record), reason }));
  }

  /** Notes that the driver dropped a connection by itself, and who had wanted that. */
  noteRemoved(connection: C, record: ConnectionRecord): void {
    const atRest = record.state === 'idle' || record.state === 'proving';
    const spoken = atRest && this.driver.bytesRead(connection) !== record.bytesAtRest;
    this.noteClosed(record, spoken || this.driver.hungUp(connection) ? 'closed' : 'removed');
  }

  /** Closes a bad connection for real. */
  discard(connection: C, record: ConnectionRecord, reason: CloseReason, error?: Error): void {
    this.noteClosed(record, reason);
    this.driver.discard(connection, error);
  }

  /** Closes a good connection whose time has come. */
  retire(connection: C, record: ConnectionRecord, reason: CloseReason): void {
    this.noteClosed(record, reason);
    this.driver.retire(connection);
  }

  /** Tells the listeners, if there are any; only then is the event made. */
  emit<Name extends EventName>(name: Name, make: () => Events[Name]): void {
    if (!this.emitter.has(name)) return;
    const event: PoolEvent<Name> = { poolName: this.poolName, ...make() };
    this.emitter.emit(name, event);
  }

  view(record: ConnectionRecord): ConnectionView {
    const now = this.clock.glance();
    return record.view(now, this.clock.awake(now));
  }

  /** Says each distinct thing once. */
  warn(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.emit('warning', () => ({ message }));
    const { logger } = this.policy;
    const text = `Lifeguard, pool "${this.poolName}": ${message}`;
    if (logger) harmless('The logger', () => logger.warn(text));
    else if (logger === undefined) process.emitWarning(text, { type: 'LifeguardWarning' });
  }
}
