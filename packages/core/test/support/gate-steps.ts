import { driverError, type FakeConnection } from './fake-connection.ts';
import type { GuardedCase } from './guarded-case.ts';

/** Something happens; `pick` chooses among what it can happen to, and how much of it. */
export type Step = (on: GuardedCase, pick: number) => unknown;

const one = <T>(items: readonly T[], pick: number): T | undefined => items[pick % items.length];

/** The same of what is never empty. */
const choice = <T>(items: readonly [T, ...T[]], pick: number): T =>
  items[pick % items.length] ?? items[0];

const held = (act: (on: GuardedCase, connection: FakeConnection) => unknown): Step => {
  return (on, pick) => {
    const connection = one(on.held, pick);
    if (connection) act(on, connection);
  };
};

const any = (act: (on: GuardedCase, connection: FakeConnection, pick: number) => unknown): Step => {
  return (on, pick) => {
    const connection = one(on.touchable, pick);
    if (connection) act(on, connection, pick >> 4);
  };
};

const useAndRelease = held((on, connection) => {
  on.query(connection);
  on.release(connection);
});

const releaseBusy = held((on, connection) => {
  connection.busy = connection.flaw === undefined;
  on.release(connection);
});

const releaseTwice = held((on, connection) => {
  on.release(connection);
  if (!on.held.includes(connection)) on.pool.gate.release(connection);
});

const spoil = held((on, connection) => {
  // One that this process has closed by itself has no errors any more.
  if (!on.pool.driver.all.includes(connection)) return;
  const error = driverError('spoiled', { errno: connection.id % 3 === 0 ? 1290 : 4031 });
  on.turns.spoil();
  on.knowledge.failed(connection, error);
  on.pool.guard.watch.failed(connection, error);
});

const fail = held((on, connection) => {
  if (connection.flaw) return;
  connection.bytes += 30;
  const error = driverError('Duplicate entry', { errno: 1062 });
  on.knowledge.failed(connection, error);
  on.pool.guard.watch.failed(connection, error);
});

function commandEnds(on: GuardedCase, connection: FakeConnection): void {
  if (connection.busy || connection.asking.size > 0) on.pool.driver.finish(connection);
}

/** Its end lies in the kernel until the next poll. */
const isClosedByServer = any((on, connection) => {
  on.pool.driver.kill(connection);
  on.pool.clock.arrive(() => on.turns.spoil());
});

/** The server says to an idle client that it goes. */
const saysGoodbye = any((on, connection) => {
  on.pool.clock.arrive(() => {
    if (!on.pool.driver.free.includes(connection) || connection.busy) return;
    connection.bytes += 70;
    on.knowledge.doom(connection, 'its server has said goodbye');
  });
});

const isClosedByApplication = any((on, connection) => {
  on.turns.spoil();
  on.pool.driver.drop(connection);
});

const isPaused = any((on, connection) => {
  on.turns.spoil();
  connection.flaw ??= 'unclean';
});

const PINGS = ['answers', 'fails', 'hangs', 'answers twice'] as const;
const changesItsPing = any((_, connection, pick) => (connection.ping = choice(PINGS, pick)));

const ERRNOS = [1045, 2002, 2002, 2002] as const;
type Limit = FakeConnection['waitTimeout'];
type Limits = readonly [Limit, ...Limit[]];
const LIMITS: Limits = [60_000, 20_000, 'hangs', 'fails', 'says nothing'];
const ALL_LIMITS: Limits = [...LIMITS, 'is cut off'];
const DIALS = ['succeed', 'succeed', 'succeed', 'fail', 'hang', 'fail at once'] as const;
const changesDials: Step = ({ pool: { driver, guard } }, pick) => {
  driver.dials = choice(DIALS, pick);
  driver.dialError = driverError('connect failed', { errno: choice(ERRNOS, pick >> 3) });
  // In strict mode nothing but time ends the tries where every fresh connection is cut off.
  const limits = guard.roster.policy.strict ? LIMITS : ALL_LIMITS;
  driver.born = { waitTimeout: choice(limits, pick >> 5), address: `${pick % 2}:3306` };
};

const dialEnds: Step = ({ pool: { driver } }, pick) => {
  const dial = one(driver.hanging, pick >> 1);
  if (pick % 2 === 0) driver.accept(dial);
  else driver.fail(dial);
};

const poolDialEnds: Step = (on, pick) => {
  const [dial] = on.poolDials.splice((pick >> 1) % Math.max(1, on.poolDials.length), 1);
  dial?.end(pick % 2 === 0);
};

const resetEnds: Step = (on, pick) => on.resets.shift()?.(pick % 3 > 0);

/** The server is reached again, and answers whatever it was asked. */
const heals: Step = (on) => {
  const { driver } = on.pool;
  driver.dials = 'succeed';
  driver.born = {};
  for (const dial of [...driver.hanging]) driver.accept(dial);
  for (const { end } of on.poolDials.splice(0)) end(true);
  for (const reset of on.resets.splice(0)) reset(true);
  for (const connection of [...driver.all]) {
    connection.ping = 'answers';
    commandEnds(on, connection);
  }
};

const releasesAll: Step = (on) => on.held.forEach((connection) => on.release(connection));

const evictsAll: Step = (on) => {
  for (const connection of on.pool.driver.all) on.knowledge.doom(connection, 'it was evicted');
  on.pool.guard.evictAll();
};

const evictsStale: Step = (on) => on.promises.push(on.pool.guard.evictStale());

const busyTime: Step = (on, pick) => {
  on.turns.spoil();
  on.pool.clock.advance(pick * 20);
  // For who is being handed something in this turn that is a standstill.
  on.pardon(false);
};

const standsStill: Step = (on, pick) => {
  on.turns.spoil();
  on.pool.clock.freeze(pick * 300);
  on.disturbedAt = on.pool.clock.now();
  on.pardon();
};

const sleeps: Step = (on, pick) => {
  on.pool.clock.suspend(pick * 1_000);
  on.knowledge.slept(pick * 1_000);
};

/** What can happen, by what it is called in a counterexample, and how often beside the others. */
export const STEPS: Readonly<Record<string, readonly [weight: number, step: Step]>> = {
  asks: [30, (on) => on.borrow()],
  'four ask': [5, (on) => [1, 2, 3, 4].forEach(() => on.borrow())],
  'asks, failing fast': [3, (on) => on.borrow(true)],
  'joins from outside': [2, (on) => on.join()],
  releases: [20, held((on, connection) => on.release(connection))],
  'uses and releases': [20, useAndRelease],
  uses: [8, held((on, connection) => on.query(connection))],
  'all release': [3, releasesAll],
  'releases while a command runs': [5, releaseBusy],
  'releases twice': [4, releaseTwice],
  'has a spoiling error': [3, spoil],
  'has an ordinary error': [2, fail],
  'a command ends': [5, any(commandEnds)],
  'is closed by the server': [6, isClosedByServer],
  'is told goodbye': [4, saysGoodbye],
  'is closed by the application': [2, isClosedByApplication],
  'is paused': [1, isPaused],
  'evicts all': [1, evictsAll],
  'evicts the stale ones': [3, evictsStale],
  'changes its ping': [6, changesItsPing],
  'changes dials': [5, changesDials],
  'a dial ends': [5, dialEnds],
  'the pool opens one': [2, (on) => on.poolOpens()],
  'a dial of the pool ends': [3, poolDialEnds],
  'a reset ends': [5, resetEnds],
  heals: [5, heals],
  polls: [12, (on) => on.pool.clock.poll()],
  'runs on': [14, (on) => on.pool.clock.settle()],
  'waits a moment': [10, (on, pick) => on.pool.clock.run(pick * 2)],
  waits: [5, (on, pick) => on.pool.clock.run(pick * 40)],
  'waits long': [1, (on, pick) => on.pool.clock.run(pick * 1_500)],
  'is busy': [4, busyTime],
  'stands still': [4, standsStill],
  sleeps: [1, sleeps],
};
