import type { ConnectionRecord } from './connection-record.ts';
import type { Roster } from './roster.ts';
import { isNeeded } from './upkeep.ts';

/** The least time between two dials for what was lost: four a second, however many are missing. */
const PACE_MS = 250;
/** So often it is seen to that there are `minimumIdle`. */
const CHECK_MS = 1_000;
/** The longest pause between dials that fail, while nobody waits for one. */
const LONGEST_PAUSE_MS = 10_000;

/** A connection of the pool, and what is known of it. */
export interface Member<C> {
  readonly connection: C;
  readonly record: ConnectionRecord;
  /** Its successor is there. */
  isRelieved: boolean;
}

/** A place in the pool that is to be filled. */
interface Vacancy<C> {
  /** When its last connection was used last. */
  readonly lastUsedAt: number;
  /** One that is still there, and goes once its successor has come. */
  readonly relieves: Member<C> | undefined;
}

/** How a refill reaches the pool. */
export interface RefillHost<C> {
  /** The pool's limit allows one connection more. */
  readonly hasRoom: boolean;
  /** Begins to open a connection that nobody waits for; false where that has to wait. */
  open(): boolean;
  /** Its successor is there. */
  relieve(member: Member<C>): void;
}

/**
 * Opens connections ahead of those who will need them, one at a time: up to `minimumIdle`, and in the
 * place of those that were evicted or whose lifetime ends, as far as they were used in the last ten
 * minutes. A pool that nobody uses dials no more.
 */
export class Refill<C extends object> {
  readonly #roster: Roster<C>;
  readonly #host: RefillHost<C>;
  #vacancies: Vacancy<C>[] = [];
  #notBefore = -Infinity;
  #checkedAt = -Infinity;
  #failures = 0;
  /** A dial that nobody else asked for is under way. */
  #dials = false;

  constructor(roster: Roster<C>, host: RefillHost<C>) {
    this.#roster = roster;
    this.#host = host;
  }

  /** When to look again whether a dial is wanted. */
  get nextAt(): number {
    if (this.#vacancies.length > 0) return this.#notBefore;
    if (this.#roster.policy.minimumIdle === 0) return Infinity;
    return Math.max(this.#notBefore, this.#checkedAt + CHECK_MS);
  }

  /** A connection is missing that was used last at this time. Its server is to see its end first. */
  lost(lastUsedAt: number, now: number): void {
    this.#vacancies.push({ lastUsedAt, relieves: undefined });
    this.#notBefore = Math.max(this.#notBefore, now + PACE_MS);
  }

  /** This connection is to go as soon as another one is there. Those are opened first, and at once. */
  replace(member: Member<C>): void {
    this.#vacancies.unshift({ lastUsedAt: member.record.idleSince, relieves: member });
    if (this.#failures === 0) this.#notBefore = -Infinity;
  }

  /** This connection has gone by itself: nobody is to relieve it. */
  gone(record: ConnectionRecord): void {
    const index = this.#vacancies.findIndex(({ relieves }) => relieves?.record === record);
    if (index >= 0) this.#vacancies.splice(index, 1);
  }

  /** Begins a dial, if one is due. */
  dial(now: number): void {
    this.#checkedAt = now;
    // What a full pool misses has been opened by somebody else.
    if (!this.#hasRoom) this.#vacancies = [];
    while (this.#vacancies[0] && !isNeeded(this.#vacancies[0].lastUsedAt, now, this.#roster)) {
      this.#vacancies.shift();
    }
    if (now < this.#notBefore || !this.#hasRoom) return;
    if (this.#vacancies.length === 0 && this.#lacking <= 0) return;
    this.#notBefore = now + PACE_MS;
    this.#dials = true;
    if (!this.#host.open()) this.#dials = false;
  }

  /** A connection was opened, for whomever: it takes the place of one that is missing. */
  opened(record: ConnectionRecord): void {
    if (this.#failures > 0) this.#notBefore = this.#roster.clock.glance() + PACE_MS;
    this.#failures = 0;
    record.isUnasked = this.#dials;
    this.#dials = false;
    const vacancy = this.#vacancies.shift();
    if (!vacancy) return;
    // Not used yet: as idle as the one before.
    record.idleSince = Math.min(record.idleSince, vacancy.lastUsedAt);
    if (vacancy.relieves) {
      vacancy.relieves.isRelieved = true;
      this.#host.relieve(vacancy.relieves);
    }
    if (this.#vacancies[0]?.relieves) this.#notBefore = -Infinity;
  }

  /** A dial failed: the next one is tried later each time. */
  failed(now: number): void {
    this.#dials = false;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, PACE_MS * 2 ** this.#failures++);
    this.#notBefore = now + pauseMs * (1 + this.#roster.random() / 2);
  }

  /** Neither of the pool's own limits is reached. */
  get #hasRoom(): boolean {
    const { driver } = this.#roster;
    return this.#host.hasRoom && driver.idleCount() < driver.idleLimit();
  }

  /** How many more idle ones the user wants there to be. */
  get #lacking(): number {
    const { driver, policy, count } = this.#roster;
    return policy.minimumIdle - driver.idleCount() - count.proving;
  }
}
