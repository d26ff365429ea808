import type { DriverError, FailureTable } from '../../src/failures.ts';
import type { Deliver, Waiter } from '../../src/line.ts';
import type { PoolDriver } from '../../src/pool-driver.ts';
import type { FakeClock } from './fake-clock.ts';
import { driverError, failures, FakeConnection, type Done } from './fake-connection.ts';

/** A dial that has not ended yet. */
interface Dial {
  readonly connection: FakeConnection;
  readonly done: Deliver<FakeConnection>;
}

/** A driver and its pool over plain objects; the behaviour of servers and network are its knobs. */
export class FakeDriver implements PoolDriver<FakeConnection> {
  readonly name = 'fake';
  size = 10;
  idleMost = Infinity;
  dials: 'succeed' | 'fail' | 'fail at once' | 'hang' = 'succeed';
  dialError: Error = driverError('connect ECONNREFUSED', { code: 'ECONNREFUSED' });
  /** How the connections opened from now on behave. */
  born: Partial<Pick<FakeConnection, 'address' | 'names' | 'waitTimeout' | 'holdsProcess'>> = {};
  /** Answers a borrow that would have to wait. */
  refusal: Error | undefined;
  reset: ((connection: FakeConnection, done: Done) => void) | undefined;
  rollback: ((connection: FakeConnection, done: Done) => void) | undefined;

  readonly all: FakeConnection[] = [];
  readonly free: FakeConnection[] = [];
  readonly hanging: Dial[] = [];
  readonly discarded: FakeConnection[] = [];
  readonly retired: FakeConnection[] = [];
  readonly rejoined: Waiter<FakeConnection>[] = [];
  /** What the pool told its listeners, as `acquire 1`. */
  readonly told: string[] = [];
  /** The guard hears here of every connection that leaves the pool. */
  removed: (connection: FakeConnection) => void = () => {};
  /** The guard hears here of every answer of the server, before whoever asked does. */
  answered: (connection: FakeConnection, error: DriverError | null) => void = () => {};
  readonly #clock: FakeClock;
  #lastId = 0;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  failures(): FailureTable {
    return failures;
  }

  limit(): number {
    return this.size;
  }

  idleLimit(): number {
    return this.idleMost;
  }

  total(): number {
    return this.all.length;
  }

  resetOf(connection: FakeConnection): ((done: Done) => void) | undefined {
    const { reset } = this;
    return reset && ((done) => reset(connection, done));
  }

  rollbackOf(connection: FakeConnection): ((done: Done) => void) | undefined {
    const { rollback } = this;
    return rollback && ((done) => rollback(connection, done));
  }

  idleCount(): number {
    return this.free.length;
  }

  idle(): FakeConnection[] {
    return this.free;
  }

  lent(): FakeConnection[] {
    const opening = this.hanging.map(({ connection }) => connection);
    return this.all.filter((one) => !this.free.includes(one) && !opening.includes(one));
  }

  takeIdle(): FakeConnection | undefined {
    return this.free.pop();
  }

  removeIdle(connection: FakeConnection): boolean {
    return drop(this.free, connection);
  }

  putIdle(connection: FakeConnection): void {
    this.free.push(connection);
    this.told.push(`release ${connection.id}`);
  }

  restoreIdle(connection: FakeConnection, place: number): void {
    this.free.splice(place, 0, connection);
  }

  acquired(connection: FakeConnection): void {
    this.told.push(`acquire ${connection.id}`);
  }

  lend(connection: FakeConnection): void {
    this.told.push(`lend ${connection.id}`);
  }

  refuses(waiting: number, deliver: Deliver<FakeConnection>): boolean {
    this.told.push(`enqueue behind ${waiting}`);
    if (this.refusal) deliver(this.refusal);
    return this.refusal !== undefined;
  }

  rejoin(waiter: Waiter<FakeConnection>): void {
    this.rejoined.push(waiter);
  }

  dial(done: Deliver<FakeConnection>): (error: Error) => void {
    const connection = Object.assign(new FakeConnection(++this.#lastId), this.born);
    this.all.push(connection);
    const dial = { connection, done };
    this.hanging.push(dial);
    if (this.dials === 'succeed') this.#clock.arrive(() => this.accept(dial));
    if (this.dials === 'fail') this.#clock.arrive(() => this.fail(dial));
    if (this.dials === 'fail at once') this.fail(dial);
    return (error) => this.fail(dial, error);
  }

  /** A dial reaches the server. */
  accept(dial = this.hanging[0]): void {
    if (dial && drop(this.hanging, dial)) dial.done(null, dial.connection);
  }

  /** A dial fails; like a real pool, it has forgotten the connection by then. */
  fail(dial = this.hanging[0], error = this.dialError): void {
    if (!dial || !drop(this.hanging, dial)) return;
    this.#forget(dial.connection);
    dial.done(error);
  }

  /** A connection that the pool had before anybody guarded it. */
  adopt(where: 'idle' | 'lent'): FakeConnection {
    const connection = Object.assign(new FakeConnection(++this.#lastId), this.born);
    this.all.push(connection);
    if (where === 'idle') this.free.push(connection);
    return connection;
  }

  defect(connection: FakeConnection): 'closed' | 'unclean' | undefined {
    return connection.flaw;
  }

  addressesOf(connection: FakeConnection): readonly string[] {
    return connection.names;
  }

  hungUp(connection: FakeConnection): boolean {
    return connection.hungUp;
  }

  busy(connection: FakeConnection): boolean {
    return connection.busy;
  }

  bytesRead(connection: FakeConnection): number {
    return connection.bytes;
  }

  peer(connection: FakeConnection): string {
    return connection.address;
  }

  letGo(connection: FakeConnection): boolean {
    const held = connection.holdsProcess;
    connection.holdsProcess = false;
    return held;
  }

  hold(connection: FakeConnection): void {
    connection.holdsProcess = true;
  }

  ping(connection: FakeConnection, done: Done): void {
    const behaviour = connection.ping;
    connection.asking.add(done);
    if (behaviour === 'hangs' || connection.busy) return;
    const times = behaviour === 'answers twice' ? 2 : 1;
    const error = behaviour === 'fails' ? driverError('ping failed') : null;
    this.#clock.arrive(() => {
      for (let time = 0; time < times; time++) this.answer(connection, done, error);
    });
  }

  /** The command that still ran has ended, and so has whatever stood behind it. */
  finish(connection: FakeConnection): void {
    if (connection.flaw === 'closed') return;
    connection.busy = false;
    connection.bytes += 40;
    this.answered(connection, null);
    for (const done of [...connection.asking]) this.answer(connection, done);
  }

  /** An answer reaches the process, unless the connection is gone by then. */
  answer(connection: FakeConnection, done: Done, error: Error | null = null): void {
    if (connection.flaw === 'closed') return;
    connection.asking.delete(done);
    connection.bytes += 11;
    this.answered(connection, error);
    done(error);
  }

  readWaitTimeout(
    connection: FakeConnection,
    done: (error: Error | null, ms?: number) => void,
  ): void {
    const said = connection.waitTimeout;
    // It stands behind what still runs, as a ping does.
    if (said === 'hangs' || connection.busy) return void connection.asking.add(done);
    this.#clock.arrive(() => {
      if (connection.flaw === 'closed') return;
      const error = said === 'fails' ? driverError('no such variable') : cutOff(said);
      if (error?.code === undefined) connection.bytes += 60;
      this.answered(connection, error);
      if (typeof said === 'number') done(null, said);
      else done(error);
    });
  }

  discard(connection: FakeConnection, error = driverError('Closed.')): void {
    this.discarded.push(connection);
    this.drop(connection, error);
  }

  retire(connection: FakeConnection): void {
    this.retired.push(connection);
    this.drop(connection);
  }

  /** The pool forgets a connection, and all who wait on it are answered, as the real ones do. */
  drop(connection: FakeConnection, error = driverError('Closed.')): void {
    connection.flaw ??= 'closed';
    const asking = [...connection.asking];
    connection.asking.clear();
    this.#forget(connection);
    process.nextTick(() => asking.forEach((done) => done(error)));
  }

  /**
   * The server closes a connection: its end lies in the kernel until the next poll. Whoever has a
   * command under way is told by the driver; of an idle one it takes no notice.
   */
  kill(connection: FakeConnection): void {
    this.#clock.arrive(() => {
      Object.assign(connection, { flaw: 'closed', hungUp: true });
      if (!connection.busy && connection.asking.size === 0) return;
      this.#clock.arrive(() => this.drop(connection));
    });
  }

  #forget(connection: FakeConnection): void {
    if (!drop(this.all, connection)) return;
    drop(this.free, connection);
    this.removed(connection);
  }
}

function drop<T>(items: T[], item: T): boolean {
  const index = items.indexOf(item);
  if (index >= 0) items.splice(index, 1);
  return index >= 0;
}

/** What is told of a connection of which the network knows nothing any more. */
const cutOff = (said: FakeConnection['waitTimeout']): DriverError | null =>
  said === 'is cut off' ? driverError('read ECONNRESET', { code: 'ECONNRESET' }) : null;
