import { Emitter, EVENT_NAMES, type EventName, type Events } from '../../src/events.ts';
import { PoolGuard } from '../../src/guard.ts';
import type { LifeguardOptions } from '../../src/options.ts';
import { readOptions } from '../../src/read-options.ts';
import { FakeClock } from './fake-clock.ts';
import type { FakeConnection } from './fake-connection.ts';
import { FakeDriver } from './fake-driver.ts';

/** One event as it came: its name and what it says. */
export type Heard = { [Name in EventName]: { name: Name } & Events[Name] }[EventName];

/** How a borrow went: every answer is counted, the last one of each kind is kept. */
export class Borrow {
  readonly name: string;
  connection: FakeConnection | undefined;
  error: Error | undefined;
  answers = 0;

  constructor(name: string) {
    this.name = name;
  }

  readonly answer = (error: Error | null, connection?: FakeConnection): void => {
    this.answers++;
    if (error) this.error = error;
    else this.connection = connection;
  };
}

/** A guarded fake pool, and short words for what tests do with it. Without the keeper, unless asked for. */
export class Subject {
  readonly clock = new FakeClock();
  readonly driver = new FakeDriver(this.clock);
  readonly emitter = new Emitter();
  readonly heard: Heard[] = [];
  readonly guard: PoolGuard<FakeConnection>;
  /** Names of the borrows in the order in which they were answered. */
  readonly order: string[] = [];
  #borrows = 0;

  constructor(
    options: LifeguardOptions,
    prepare: (driver: FakeDriver) => void,
    random: () => number,
  ) {
    prepare(this.driver);
    const { clock, emitter } = this;
    const policy = readOptions({ logger: false, keepaliveTime: 0, ...options }, {});
    for (const name of EVENT_NAMES) {
      emitter.on(name, (event) => void this.heard.push({ name, ...event } as Heard));
    }
    this.guard = new PoolGuard(this.driver, { policy, emitter, clock, random });
    this.driver.removed = (connection) => this.guard.gate.removed(connection);
    this.driver.answered = (connection, error) => {
      if (error) this.guard.watch.failed(connection, error);
      else this.guard.watch.heard(connection);
    };
  }

  get gate(): PoolGuard<FakeConnection>['gate'] {
    return this.guard.gate;
  }

  /** Asks for a connection; nothing has run yet when this returns. */
  ask(failFast = false): Borrow {
    const borrow = new Borrow(String(++this.#borrows));
    this.gate.borrow((error, connection) => {
      this.order.push(borrow.name);
      borrow.answer(error, connection);
    }, failFast);
    return borrow;
  }

  /** Asks for several connections at once. */
  askFor(count: number): Borrow[] {
    return Array.from({ length: count }, () => this.ask());
  }

  /** Borrows, and lets the process run until it is answered. */
  async borrow(): Promise<FakeConnection> {
    const borrow = this.ask();
    await this.clock.settle();
    if (!borrow.connection) throw borrow.error ?? new Error('The borrow is not answered.');
    return borrow.connection;
  }

  /**
   * Opens `count` connections, and lets them lie idle until the server's limit was read on each; the
   * first one is used most recently.
   */
  async fill(count: number): Promise<FakeConnection[]> {
    const borrows = this.askFor(count);
    await this.clock.settle();
    const connections = borrows.flatMap(({ connection }) => connection ?? []);
    for (const connection of connections.toReversed()) this.gate.release(connection);
    await this.clock.run(60);
    this.driver.told.length = 0;
    this.heard.length = 0;
    this.order.length = 0;
    this.#borrows = 0;
    return connections;
  }

  /** Opens one connection, and lets it lie idle. */
  async fillOne(): Promise<FakeConnection> {
    const [connection] = await this.fill(1);
    if (!connection) throw new Error('No connection was opened.');
    return connection;
  }

  /** The application runs a statement on a connection that it was lent. */
  query(connection: FakeConnection, sql = 'SELECT 1', status?: number): void {
    this.guard.watch.sent(connection, sql);
    connection.bytes += 50;
    this.guard.watch.answered(connection, status);
  }

  /** What was heard under one name. */
  events<Name extends EventName>(name: Name): Events[Name][] {
    return this.heard.filter((event) => event.name === name) as unknown as Events[Name][];
  }

  /** The record that core keeps of a connection. */
  record(connection: FakeConnection): NonNullable<ReturnType<typeof this.guard.roster.get>> {
    const record = this.guard.roster.get(connection);
    if (!record) throw new Error(`Connection ${connection.id} is not known.`);
    return record;
  }
}

/** Opens a guarded fake pool; `prepare` turns the driver's knobs before the guard sees it. */
export function open(
  options: LifeguardOptions = {},
  prepare: (driver: FakeDriver) => void = () => {},
  random: () => number = () => 0,
): Subject {
  return new Subject(options, prepare, random);
}
