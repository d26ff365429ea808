import {
  serverFailures,
  type DriverError,
  type FailureTable,
  type PoolDriver,
  type PoolGuard,
} from '@pool-lifeguard/core';
import type { Network } from './network.ts';
import type { Session } from './server.ts';

type Done = (error: Error | null) => void;

/** `wait_timeout` as servers have it by default. No connection lives that long. */
const WAIT_TIMEOUT_MS = 8 * 3_600_000;
/** What a command's answer is long; only that there is one matters. */
const ANSWER_BYTES = 11;

const lost: DriverError = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
const readOnly: DriverError = Object.assign(
  new Error('The MySQL server is running with the --read-only option'),
  { errno: 1290 },
);

/** One connection as its driver sees it. */
export class Connection {
  session: Session | undefined;
  flaw: 'closed' | undefined;
  bytes = 0;
  /** Who waits for an answer. */
  asking: ((error: Error | null) => void) | undefined;
}

/** The pool of a driver, over plain objects. It forgets an idle connection that is reset, as mysql2's does. */
export class SimulatedPool implements PoolDriver<Connection> {
  readonly name = 'simulated';
  readonly #network: Network;
  readonly #owner: number;
  readonly #size: number;
  readonly #all = new Set<Connection>();
  readonly #opening = new Set<Connection>();
  readonly #free: Connection[] = [];
  #guard: PoolGuard<Connection> | undefined;

  constructor(network: Network, owner: number, size: number) {
    this.#network = network;
    this.#owner = owner;
    this.#size = size;
  }

  /** Who is told what becomes of connections. */
  set guard(guard: PoolGuard<Connection>) {
    this.#guard = guard;
  }

  /** A statement ran on a lent connection: the guard is told what the server said. */
  answered(connection: Connection): void {
    const error = this.#errorOf(connection);
    if (!error) connection.bytes += ANSWER_BYTES;
    if (error) this.#guard?.watch.failed(connection, error);
    else this.#guard?.watch.answered(connection, undefined);
  }

  /** The server's end of all connections is gone. */
  reset(): void {
    for (const connection of this.#all) this.#network.reset(() => this.#hangUp(connection));
  }

  failures(): FailureTable {
    return serverFailures;
  }

  limit(): number {
    return this.#size;
  }

  total(): number {
    return this.#all.size;
  }

  idleLimit(): number {
    return this.#size;
  }

  idleCount(): number {
    return this.#free.length;
  }

  idle(): readonly Connection[] {
    return this.#free;
  }

  lent(): Connection[] {
    return [...this.#all].filter((one) => !this.#free.includes(one) && !this.#opening.has(one));
  }

  takeIdle(): Connection | undefined {
    return this.#free.pop();
  }

  removeIdle(connection: Connection): boolean {
    const place = this.#free.indexOf(connection);
    if (place >= 0) this.#free.splice(place, 1);
    return place >= 0;
  }

  putIdle(connection: Connection): void {
    this.#free.push(connection);
  }

  restoreIdle(connection: Connection, place: number): void {
    this.#free.splice(place, 0, connection);
  }

  /** There is no process that it could keep alive. */
  letGo(): boolean {
    return false;
  }

  hold(): void {}

  acquired(): void {}

  lend(): void {}

  refuses(): boolean {
    return false;
  }

  rejoin(): void {
    throw new Error('No guard of the fleet is ever taken off.');
  }

  dial(done: (error: Error | null, connection?: Connection) => void): (error: Error) => void {
    const connection = new Connection();
    this.#all.add(connection);
    this.#opening.add(connection);
    const end = (error: Error | null): void => {
      this.#opening.delete(connection);
      if (error) this.#forget(connection);
      if (error) done(error);
      else done(null, connection);
    };
    const isAwaited = (this.#guard?.gate.pending ?? 0) > 0;
    this.#network.dial(this.#owner, isAwaited, (answer) => {
      if (answer instanceof Error) return end(answer);
      connection.session = answer;
      end(this.#network.server.serves(answer) ? null : lost);
    });
    return () => {
      throw new Error('Every dial of the fleet ends long before its deadline.');
    };
  }

  defect(connection: Connection): 'closed' | undefined {
    return connection.flaw;
  }

  hungUp(connection: Connection): boolean {
    return connection.flaw !== undefined;
  }

  busy(): boolean {
    return false;
  }

  bytesRead(connection: Connection): number {
    return connection.bytes;
  }

  peer(): string {
    return 'database:3306';
  }

  addressesOf(): readonly string[] {
    return [];
  }

  ping(connection: Connection, done: Done): void {
    this.#ask(connection, done);
  }

  readWaitTimeout(connection: Connection, done: (error: Error | null, ms?: number) => void): void {
    this.#ask(connection, (error) => (error ? done(error) : done(null, WAIT_TIMEOUT_MS)));
  }

  resetOf(): undefined {
    return undefined;
  }

  rollbackOf(): undefined {
    return undefined;
  }

  discard(connection: Connection): void {
    this.#drop(connection, new Error('Closed.'));
  }

  retire(connection: Connection): void {
    this.#drop(connection, new Error('Closed.'));
  }

  /** A read-only server answers these, too. */
  #ask(connection: Connection, done: Done): void {
    connection.asking = done;
    this.#network.roundTrip(() => {
      if (connection.asking !== done) return;
      connection.asking = undefined;
      connection.bytes += ANSWER_BYTES;
      this.#guard?.watch.heard(connection);
      done(null);
    });
  }

  #errorOf({ flaw, session }: Connection): DriverError | undefined {
    if (flaw) return lost;
    return session && this.#network.server.serves(session) ? undefined : readOnly;
  }

  /** The end of a connection is read from its socket; who uses a lent one finds out by himself. */
  #hangUp(connection: Connection): void {
    if (!this.#all.has(connection) || this.#opening.has(connection)) return;
    connection.flaw = 'closed';
    if (this.#free.includes(connection) || connection.asking) this.#drop(connection, lost);
  }

  #drop(connection: Connection, error: Error): void {
    if (!this.#all.has(connection)) return;
    connection.flaw = 'closed';
    if (connection.session) this.#network.close(connection.session);
    const { asking } = connection;
    connection.asking = undefined;
    this.#forget(connection);
    if (asking) process.nextTick(asking, error);
  }

  #forget(connection: Connection): void {
    this.#all.delete(connection);
    this.removeIdle(connection);
    this.#guard?.gate.removed(connection);
  }
}
