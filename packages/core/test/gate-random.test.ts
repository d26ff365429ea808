import { expect } from 'chai';
import { driverError, type FakeConnection } from './support/fake-connection.ts';
import { RandomPool } from './support/random-pool.ts';

type Step = (subject: RandomPool) => unknown;

/** What happens, and how often beside the other things. */
const STEPS: readonly [weight: number, step: Step][] = [
  [30, (subject) => subject.borrow()],
  [5, (subject) => [1, 2, 3, 4].forEach(() => subject.borrow())],
  [20, (subject) => withHeld(subject, (connection) => subject.release(connection))],
  [20, useAndRelease],
  [10, (subject) => withHeld(subject, (connection) => subject.use(connection))],
  [3, (subject) => subject.held.forEach((connection) => subject.release(connection))],
  [3, (subject) => withHeld(subject, (connection) => subject.spoil(connection))],
  [4, (subject) => withAny(subject, (connection) => subject.pool.driver.finish(connection))],
  [4, (subject) => withAny(subject, (connection) => subject.pool.driver.kill(connection))],
  [2, (subject) => withAny(subject, (connection) => subject.pool.driver.drop(connection))],
  [1, (subject) => withAny(subject, (connection) => (connection.flaw ??= 'unclean'))],
  [1, (subject) => subject.pool.guard.evictAll()],
  [3, (subject) => subject.evictStale()],
  [4, releaseBusy],
  [3, releaseTwice],
  [6, changePing],
  [4, changeDials],
  [4, endDial],
  [6, (subject) => subject.heal()],
  [12, (subject) => subject.pool.clock.poll()],
  [12, (subject) => subject.pool.clock.settle()],
  [8, (subject) => subject.pool.clock.run(subject.pick(400))],
  [4, (subject) => subject.pool.clock.run(subject.pick(8_000))],
  [1, (subject) => subject.pool.clock.run(subject.pick(200_000))],
  [3, (subject) => subject.pool.clock.advance(subject.pick(2_000))],
  [2, (subject) => subject.pool.clock.freeze(subject.pick(30_000))],
  [1, (subject) => subject.pool.clock.suspend(subject.pick(100_000))],
];
const ALL = STEPS.flatMap(([weight, step]) => Array.from({ length: weight }, () => step));

function withHeld(subject: RandomPool, act: (connection: FakeConnection) => unknown): void {
  const connection = subject.one([...subject.held]);
  if (connection) act(connection);
}

/** Not those that are still being opened: nobody can touch them. */
function withAny(subject: RandomPool, act: (connection: FakeConnection) => unknown): void {
  const { all, hanging } = subject.pool.driver;
  const opening = new Set(hanging.map(({ connection }) => connection));
  const connection = subject.one(all.filter((one) => !opening.has(one)));
  if (connection) act(connection);
}

function useAndRelease(subject: RandomPool): void {
  withHeld(subject, (connection) => {
    subject.use(connection);
    subject.release(connection);
  });
}

function releaseBusy(subject: RandomPool): void {
  withHeld(subject, (connection) => {
    connection.busy = connection.flaw === undefined;
    subject.release(connection);
  });
}

function releaseTwice(subject: RandomPool): void {
  withHeld(subject, (connection) => {
    subject.release(connection);
    if (!subject.held.has(connection)) subject.release(connection);
  });
}

function changePing(subject: RandomPool): void {
  withAny(subject, (connection) => {
    const ways = ['answers', 'fails', 'hangs', 'answers twice'] as const;
    connection.ping = subject.one(ways)!;
  });
}

function changeDials(subject: RandomPool): void {
  const { driver } = subject.pool;
  const ways = ['succeed', 'succeed', 'succeed', 'fail', 'hang', 'fail at once'] as const;
  driver.dials = subject.one(ways)!;
  const errno = subject.chance(0.2) ? 1045 : 2002;
  driver.dialError = driverError('connect ECONNREFUSED', { errno });
  driver.born = { waitTimeout: subject.one([60_000, 'hangs', 'fails', 'says nothing'] as const)! };
}

function endDial(subject: RandomPool): void {
  const { driver } = subject.pool;
  const dial = subject.one(driver.hanging);
  if (subject.chance(0.5)) driver.accept(dial);
  else driver.fail(dial);
}

describe('whatever happens to a pool', () => {
  for (let seed = 1; seed <= 8; seed++) {
    it(`nobody is forgotten, and nothing is lent twice (seed ${seed})`, async () => {
      const subject = new RandomPool(seed);
      for (let step = 0; step < 1_000; step++) {
        await subject.one(ALL)?.(subject);
        await subject.check();
      }
      await subject.end();
      expect(subject.borrows.every(({ answers }) => answers === 1)).to.equal(true);
      expect(subject.pool.clock.pending('busy')).to.equal(0);
    });
  }
});
