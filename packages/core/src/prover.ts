import type { CloseReason, ConnectionRecord } from './connection-record.ts';
import { deadline } from './deadline.ts';
import { Looks } from './looks.ts';
import type { Peer } from './peers.ts';
import type { Roster } from './roster.ts';

/** The outcome of a validation: healthy, still busy with an earlier lease's command, or bad. */
export type Proof = 'healthy' | 'busy' | CloseReason;

/** Whether the connection stays in the pool. */
export function isAlive(proof: Proof): proof is 'healthy' | 'busy' {
  return proof === 'healthy' || proof === 'busy';
}

/** A ping of a connection that stays without an answer for longer than usual is given this long anyway. */
const LEAST_PATIENCE_MS = 30;

/** A ping that is not answered yet. */
interface Ping {
  readonly record: ConnectionRecord;
  readonly sentAt: number;
  isLate: boolean;
  /** Waits no longer for the answer. */
  giveUp(): void;
}

/** Validates idle connections: a look, or a look, a ping under its own deadline, and a look again. */
export class Prover<C extends object> {
  readonly #roster: Roster<C>;
  readonly #looks: Looks;
  readonly #pings = new Set<Ping>();

  constructor(roster: Roster<C>) {
    this.#roster = roster;
    this.#looks = new Looks(roster.clock);
  }

  /** `late`: a ping is not answered for longer than usual; it may be still. */
  prove(
    connection: C,
    record: ConnectionRecord,
    by: 'look' | 'ping',
    done: (proof: Proof) => void,
    late: () => void = () => undefined,
  ): void {
    const { counters, clock } = this.#roster;
    const since = clock.now();
    if (by === 'look') counters.looks++;
    else counters.pings++;
    const finish = (proof: Proof): void => {
      this.#roster.emit('validated', () => ({
        connection: this.#roster.view(record),
        by,
        healthy: isAlive(proof),
        durationMs: clock.now() - since,
      }));
      done(proof);
    };
    this.#look(connection, record, (seen) => {
      if (seen !== 'healthy' || by === 'look') finish(seen);
      else this.#ping(connection, record, finish, late);
    });
  }

  /** Pings without a look before, and gives that as long as a ping may take, whatever is answered meanwhile. */
  ping(connection: C, record: ConnectionRecord, done: (proof: Proof) => void): void {
    this.#roster.counters.pings++;
    this.#ping(connection, record, done);
  }

  /** The ping of this connection is not waited for any longer. */
  giveUp(record: ConnectionRecord): void {
    for (const ping of this.#pings) if (ping.record === record) ping.giveUp();
  }

  /**
   * A dial that began at `since` was answered by the server of `peer`: what it should have answered
   * before, and has not, it never got.
   */
  overtaken(peer: Peer, since: number): void {
    this.#looks.after(() => {
      for (const { isLate, record, sentAt, giveUp } of this.#pings) {
        if (isLate && record.peer === peer && sentAt <= since) giveUp();
      }
    });
  }

  #look(connection: C, record: ConnectionRecord, done: (proof: Proof) => void): void {
    this.#looks.after(() => {
      if (this.#roster.busy(connection, record)) done('busy');
      else done(this.#roster.defect(connection, record) ?? 'healthy');
    });
  }

  #ping(
    connection: C,
    record: ConnectionRecord,
    done: (proof: Proof) => void,
    late?: () => void,
  ): void {
    const { driver, clock, policy, usualPing } = this.#roster;
    const settle = (then: () => void): void => {
      if (!this.#pings.delete(ping)) return;
      timer.cancel();
      patience?.cancel();
      then();
    };
    const giveUp = (): void => settle(() => done('ping-timeout'));
    const ping: Ping = { record, sentAt: clock.now(), isLate: false, giveUp };
    this.#pings.add(ping);
    const timer = deadline(clock, policy.validationTimeoutMs, giveUp);
    const patienceMs = Math.max(LEAST_PATIENCE_MS, usualPing.latestMs);
    const lateMs = Math.min(patienceMs, policy.validationTimeoutMs);
    const patience =
      late &&
      deadline(clock, lateMs, () => {
        ping.isLate = true;
        late();
      });
    driver.ping(connection, (error) =>
      settle(() => {
        if (error) return done('ping-failed');
        usualPing.took(clock.now() - ping.sentAt);
        this.#roster.heard(connection, record, clock.glance());
        this.#look(connection, record, done);
      }),
    );
  }
}
