import { Agenda } from './agenda.ts';
import type { Timer } from './clock.ts';
import type { CloseReason, ConnectionRecord } from './connection-record.ts';
import { judge } from './judge.ts';
import { KeepHeld } from './keep-held.ts';
import { STANDSTILL_MS } from './looks.ts';
import type { Prover } from './prover.ts';
import { Refill, type Member, type RefillHost } from './refill.ts';
import type { Roster } from './roster.ts';
import { isNeeded, keepaliveMs, nextChoreAt, nextVisitAt, replaceAt } from './upkeep.ts';

/** One that is busy with something of ours is looked after a little later. */
const SOON_MS = 1_000;

/** Why a connection goes that the application itself has taken, or that made room for another one. */
const TAKEN: ReadonlySet<CloseReason> = new Set(['removed', 'hedged']);

/** What the keeper has done by the gate. */
export interface KeeperHost<C> extends Omit<RefillHost<C>, 'relieve'> {
  /** Validates an idle connection, which nobody gets meanwhile. */
  validate(connection: C, by: 'ping', done: () => void): void;
}

/**
 * Looks after a pool between the borrows, so that nobody meets a stale connection at all: pings what
 * has been silent for long, replaces what nears its lifetime before anybody meets its end, closes what
 * was unused for too long, and opens anew what was lost.
 *
 * It sleeps on one timer until the next of its connections needs something, and never keeps the
 * process alive. Nothing depends on it: a process whose timers never run is right at each borrow.
 */
export class Keeper<C extends object> {
  readonly #roster: Roster<C>;
  readonly #host: KeeperHost<C>;
  readonly #refill: Refill<C>;
  readonly #held: KeepHeld<C>;
  readonly #agenda = new Agenda<Member<C>>();
  readonly #members = new Map<ConnectionRecord, Member<C>>();
  #timer: Timer | undefined;
  #wakesAt = Infinity;
  /** How long the machine had slept in all when it was last asked. */
  #asleepMs = 0;
  #stopped = false;

  constructor(roster: Roster<C>, host: KeeperHost<C>, prover: Prover<C>) {
    this.#roster = roster;
    this.#host = host;
    this.#held = new KeepHeld(roster, prover);
    this.#refill = new Refill(roster, {
      get hasRoom() {
        return host.hasRoom;
      },
      open: () => host.open(),
      relieve: (member) => this.#retire(member, 'lifetime'),
    });
    const now = roster.clock.glance();
    this.#asleepMs = roster.clock.awake(now) - now;
    this.#compare();
    this.#aim();
  }

  /** The pool's own limits win over `minimumIdle`. */
  #compare(): void {
    const { driver, policy } = this.#roster;
    const most = Math.min(driver.limit(), driver.idleLimit());
    if (policy.minimumIdle <= most) return;
    this.#roster.warn(
      `Option "minimumIdle" is ${policy.minimumIdle}, but the pool keeps at most ${most} idle ` +
        `connections; ${most} is used instead.`,
    );
  }

  /** A connection belongs to the pool from now on. */
  enrolled(connection: C, record: ConnectionRecord): void {
    if (this.#stopped) return;
    const member = { connection, record, isRelieved: false };
    this.#members.set(record, member);
    this.#schedule(member);
    this.#aim();
  }

  /** A connection was opened, for whomever. */
  opened(record: ConnectionRecord): void {
    if (this.#stopped) return;
    this.#refill.opened(record);
    const member = this.#members.get(record);
    if (member) this.#schedule(member);
    this.#aim();
  }

  /** A connection could not be opened. */
  openFailed(): void {
    if (this.#stopped) return;
    this.#refill.failed(this.#roster.clock.glance());
    this.#aim();
  }

  /** A connection has left the pool; `inUse`: out of somebody's hands. */
  closed(record: ConnectionRecord, reason: CloseReason, inUse: boolean): void {
    const member = this.#members.get(record);
    if (!member) return;
    this.#members.delete(record);
    this.#agenda.delete(member);
    this.#refill.gone(record);
    const now = this.#roster.clock.glance();
    const lastUsedAt = inUse ? now : record.idleSince;
    const isMissed = !member.isRelieved && !TAKEN.has(reason);
    if (isMissed && isNeeded(lastUsedAt, now, this.#roster)) this.#refill.lost(lastUsedAt, now);
    this.#aim();
  }

  /** A limit became known, of one connection or of all. */
  limitChanged(record?: ConnectionRecord): void {
    const members = record ? [this.#members.get(record)] : this.#members.values();
    for (const member of members) if (member) this.#schedule(member);
    this.#aim();
  }

  /** From now on the pool does without, and its connections hold the process as they do bare. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    for (const { connection, record } of this.#members.values()) {
      if (record.isLetGo) this.#roster.driver.hold(connection);
      record.isLetGo = record.isUnasked = false;
    }
    this.#agenda.clear();
    this.#members.clear();
  }

  #schedule(member: Member<C>): void {
    this.#agenda.set(member, nextChoreAt(member.record, this.#roster));
  }

  /** Has the timer fire when the next thing is due. One that fires too early is left to do so. */
  #aim(): void {
    const at = Math.min(this.#agenda.nextAt, this.#refill.nextAt);
    if (this.#stopped || at >= this.#wakesAt || at === Infinity) return;
    this.#timer?.cancel();
    const { clock } = this.#roster;
    const now = clock.now();
    this.#wakesAt = Math.max(at, now);
    this.#timer = clock.timer(this.#wakesAt - now, () => this.#wake(), 'idle');
  }

  #wake(): void {
    const now = this.#roster.clock.glance();
    this.#noticeSuspension(now);
    this.#wakesAt = Infinity;
    for (let member; (member = this.#agenda.take(now));) this.#attend(member, now);
    this.#refill.dial(now);
    this.#aim();
  }

  /** After a sleep of the machine or a standstill of the process nothing is as fresh as it seems. */
  #noticeSuspension(now: number): void {
    const asleepMs = this.#roster.clock.awake(now) - now;
    const durationMs = now - this.#wakesAt + asleepMs - this.#asleepMs;
    this.#asleepMs = asleepMs;
    if (durationMs < STANDSTILL_MS || this.#members.size === 0) return;
    this.#roster.emit('suspended', () => ({ durationMs }));
    for (const member of this.#members.values()) this.#agenda.set(member, now);
  }

  #attend(member: Member<C>, now: number): void {
    const { record, connection } = member;
    if (record.state === 'idle') return this.#tend(member, now);
    if (record.state !== 'leased') return this.#postpone(member, now);
    if (this.#isSilent(record, now)) this.#held.attend(connection, record);
    this.#visit(member, nextVisitAt(record, now, this.#roster), now);
  }

  /** What is still due though it was looked after is asked again a little later. */
  #postpone(member: Member<C>, now: number): void {
    this.#visit(member, nextChoreAt(member.record, this.#roster), now);
  }

  #visit(member: Member<C>, at: number, now: number): void {
    this.#agenda.set(member, at > now ? at : now + SOON_MS);
  }

  #isSilent(record: ConnectionRecord, now: number): boolean {
    const silentMs = this.#roster.clock.awake(now) - record.heardAt;
    return silentMs >= keepaliveMs(record, this.#roster);
  }

  /** What a connection at rest needs now. */
  #tend(member: Member<C>, now: number): void {
    const { clock, policy, health } = this.#roster;
    const { record, connection } = member;
    const judgement = judge(record, now, clock.awake(now), policy, health);
    if (judgement.verdict === 'evict') return this.#retire(member, judgement.reason);
    if (now >= replaceAt(record)) return this.#replace(member, now);
    if (now - record.idleSince >= record.idleLimitMs && this.#isSpare) {
      return this.#retire(member, 'idle-timeout');
    }
    this.#postpone(member, now);
    if (!this.#isSilent(record, now)) return;
    this.#roster.counters.keepalives++;
    this.#host.validate(connection, 'ping', () => {
      if (this.#members.has(record)) this.#postpone(member, this.#roster.clock.glance());
      this.#aim();
    });
  }

  #replace(member: Member<C>, now: number): void {
    const { record } = member;
    // Tried once; who borrows it after its end finds out himself.
    this.#agenda.set(member, Math.max(record.retireAt, now + SOON_MS));
    const isMissed = isNeeded(record.idleSince, now, this.#roster) || !this.#isSpare;
    if (isMissed && this.#host.hasRoom) this.#refill.replace(member);
    else this.#retire(member, 'lifetime');
  }

  /** There are more idle ones than the user wants at least. */
  get #isSpare(): boolean {
    return this.#roster.driver.idleCount() > this.#roster.policy.minimumIdle;
  }

  #retire(member: Member<C>, reason: CloseReason): void {
    const { connection, record } = member;
    if (this.#roster.driver.removeIdle(connection)) this.#roster.retire(connection, record, reason);
    else this.#postpone(member, this.#roster.clock.glance());
  }
}
