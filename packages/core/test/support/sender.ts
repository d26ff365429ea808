import type { DriverError } from '../../src/failures.ts';
import type { Answer } from '../../src/lost-statements.ts';
import { driverError, type FakeConnection } from './fake-connection.ts';
import type { Subject } from './open.ts';

/** The connection was gone before the server had all of the statement. */
export function unwritten(): DriverError {
  return driverError('write ECONNRESET', { code: 'ECONNRESET', syscall: 'write' });
}

/** The connection was gone, and the statement may have run. */
export function cutOff(): DriverError {
  return driverError('read ECONNRESET', { code: 'ECONNRESET', syscall: 'read' });
}

/** The server refuses whatever writes. */
export function readOnly(): DriverError {
  return driverError('The server is running with --read-only', { errno: 1290 });
}

/** A statement that was handed to a connection. */
export interface Sent {
  readonly sql: string;
  /** The connection's id. */
  readonly on: number;
  readonly at: number;
}

/**
 * Sends statements through a guarded fake pool, each on a connection that it borrows for it. What
 * comes of them is told before, one after the other: an error or a result; `done` for all later ones.
 */
export class Sender {
  readonly pool: Subject;
  readonly sent: Sent[] = [];
  /** How long the server thinks about each. */
  thinksMs = 0;
  readonly #outcomes: unknown[];

  constructor(pool: Subject, ...outcomes: readonly unknown[]) {
    this.pool = pool;
    this.#outcomes = [...outcomes];
  }

  /** The statement is answered once the process has run. */
  send(sql: string, answer: Answer): void {
    const { clock, gate, guard } = this.pool;
    gate.borrow((error, connection) => {
      if (!connection) return answer(error);
      this.sent.push({ sql, on: connection.id, at: clock.now() });
      guard.watch.sent(connection, sql);
      const end = (): void => {
        this.#end(connection, sql, answer);
        gate.release(connection);
      };
      if (this.thinksMs > 0) clock.timer(this.thinksMs, end, 'busy');
      else clock.arrive(end);
    }, false);
  }

  /** The same with a promise. */
  ask(sql: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.send(sql, (error, result) => (error ? reject(error) : resolve(result)));
    });
  }

  /** The connections that it was sent on, in their order. */
  get connections(): number[] {
    return this.sent.map(({ on }) => on);
  }

  /** How long after the one before each was sent. */
  get pauses(): number[] {
    return this.sent.slice(1).map(({ at }, index) => at - (this.sent[index]?.at ?? at));
  }

  #end(connection: FakeConnection, sql: string, answer: Answer): void {
    const { watch } = this.pool.guard;
    const outcome = this.#outcomes.length > 0 ? this.#outcomes.shift() : 'done';
    if (outcome instanceof Error) {
      watch.failed(connection, outcome, { sql, reach: 'alone' });
      answer(outcome);
    } else {
      connection.bytes += 50;
      watch.answered(connection, undefined);
      answer(null, outcome);
    }
  }
}
