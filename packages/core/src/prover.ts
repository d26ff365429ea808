import type { CloseReason, ConnectionRecord } from './connection-record.ts';
import { deadline } from './deadline.ts';
import { Looks } from './looks.ts';
import type { Roster } from './roster.ts';

/** The outcome of a validation: healthy, still busy with an earlier lease's command, or bad. */
export type Proof = 'healthy' | 'busy' | CloseReason;

/** Whether the connection stays in the pool. */
export function isAlive(proof: Proof): proof is 'healthy' | 'busy' {
  return proof === 'healthy' || proof === 'busy';
}

/** Validates idle connections: a look, or a look, a ping under its own deadline, and a look again. */
export class Prover<C extends object> {
  readonly #roster: Roster<C>;
  readonly #looks: Looks;

  constructor(roster: Roster<C>) {
    this.#roster = roster;
    this.#looks = new Looks(roster.clock);
  }

  prove(
    connection: C,
    record: ConnectionRecord,
    by: 'look' | 'ping',
    done: (proof: Proof) => void,
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
      else this.#ping(connection, record, finish);
    });
  }

  #look(connection: C, record: ConnectionRecord, done: (proof: Proof) => void): void {
    this.#looks.after(() => {
      if (this.#roster.busy(connection, record)) done('busy');
      else done(this.#roster.defect(connection, record) ?? 'healthy');
    });
  }

  #ping(connection: C, record: ConnectionRecord, done: (proof: Proof) => void): void {
    const { driver, clock, policy } = this.#roster;
    let settled = false;
    const settle = (then: () => void): void => {
      if (settled) return;
      settled = true;
      timer.cancel();
      then();
    };
    const timer = deadline(clock, policy.validationTimeoutMs, () =>
      settle(() => done('ping-timeout')),
    );
    driver.ping(connection, (error) =>
      settle(() => {
        if (error) return done('ping-failed');
        this.#roster.heard(connection, record, clock.glance());
        this.#look(connection, record, done);
      }),
    );
  }
}
