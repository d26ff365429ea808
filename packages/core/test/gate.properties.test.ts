import { expect } from 'chai';
import * as fc from 'fast-check';
import { ticks } from './support/fake-clock.ts';
import { STEPS } from './support/gate-steps.ts';
import { GuardedCase, type Configuration } from './support/guarded-case.ts';
import { holds } from './support/holds.ts';

const configurations: fc.Arbitrary<Configuration> = fc.record({
  size: fc.integer({ min: 1, max: 6 }),
  queueLimit: fc.constantFrom(0, 1, 3, Infinity, Infinity, Infinity),
  resets: fc.constantFrom(false, false, true),
  isCalm: fc.boolean(),
  adopted: fc.array(fc.constantFrom('idle' as const, 'lent' as const), { maxLength: 3 }),
  options: fc.constantFrom(
    {},
    { connectionTimeout: '3s' },
    { connectionTimeout: '3s', idleTimeout: '30s', strict: true },
    { keepaliveTime: '2s', minimumIdle: 2, maxLifetime: '20s' },
    { keepaliveTime: '1s', idleTimeout: '5s', keepHeld: true },
  ),
});

/** Names of steps as often as they should come, what they pick, and whether the process runs on. */
const weighted = Object.entries(STEPS).map(([name, [weight]]) => {
  return { weight, arbitrary: fc.constant(name) };
});
const steps = fc.array(
  fc.tuple(fc.oneof(...weighted), fc.nat(255), fc.constantFrom(true, true, false)),
  { maxLength: 100, size: 'max' },
);

/** What is true whenever the tick queue is empty. */
function check(on: GuardedCase): void {
  const { borrowers } = on;
  expect(borrowers.faults.join('; ')).to.equal('');
  expect(borrowers.answered(2), 'those answered twice').to.equal('');
  checkCounts(on);
  if (!on.isStopped) checkAttempts(on);
}

/** Who waits for an attempt of his own waits for something that will come. */
function checkAttempts(on: GuardedCase): void {
  const { pool, poolDials } = on;
  const { total, pending, idle, validating, opening } = pool.guard.stats();
  if (pending <= validating + opening) return;
  expect(idle, 'idle ones that nobody tries').to.equal(0);
  if (total === pool.driver.size || pool.driver.hanging.length + poolDials.length > 0) return;
  expect(
    on.isFailing || pool.clock.now() < on.recoversUntil,
    'somebody waits for what could be opened',
  ).to.equal(true);
  expect(Math.min(...pool.clock.dueIn('busy')), 'the pause before a dial').to.be.at.most(250);
}

function checkCounts(on: GuardedCase): void {
  const { borrowers, pool, adopted } = on;
  const stats = pool.guard.stats();
  const { total, idle, lent, validating, opening } = stats;
  expect(total, 'the limit').to.be.at.most(pool.driver.size);
  expect(idle + lent + validating + opening, 'the parts').to.equal(total);
  expect(Math.min(idle, lent, validating, opening), 'the least part').to.be.at.least(0);
  const kept = on.held.filter((connection) => pool.driver.all.includes(connection));
  expect(lent, 'those that somebody has').to.be.at.least(kept.length);
  const closed = Object.values(stats.closed).reduce((sum, count) => sum + count, 0);
  expect(stats.opened + adopted, 'all there were').to.equal(total - opening + closed);
  expect(stats.borrows, 'the borrows').to.equal(on.asked);
  expect(stats.timeouts, 'those whose time was up').to.equal(borrowers.late);
  expect(stats.pending, 'those in line').to.equal(borrowers.waiting.length);
}

/** No more than what is still under way has: a dial and a validation two, a reset or the ping of a lent one one. */
function checkTimers({ pool, resets, disturbedAt }: GuardedCase): void {
  // Those of a validation whose connection is gone end with their time, found late once.
  if (pool.clock.now() - disturbedAt <= pool.guard.roster.policy.validationTimeoutMs) return;
  const { validating, opening } = pool.guard.stats();
  const { driver, guard } = pool;
  const kept = driver.all.filter(
    (connection) => guard.roster.get(connection)?.keepalive !== undefined,
  );
  const most = 2 * (opening + validating) + resets.length + kept.length;
  expect(pool.clock.pending('busy'), 'timers').to.be.at.most(most);
}

/** What is true besides when the process has nothing to do but to wait. */
async function checkDeadlines(on: GuardedCase): Promise<void> {
  const { clock, guard } = on.pool;
  await clock.run(0);
  if (!guard.roster.policy.limitsWaiting) return;
  for (const borrower of on.borrowers.waiting) {
    expect(borrower.due, `the deadline of ${borrower.name}`).to.be.above(clock.now());
  }
}

/** Everybody gives back what he has, until everybody has had something. */
async function end(on: GuardedCase): Promise<void> {
  const { borrowers, pool } = on;
  const heal = STEPS['heals']![1];
  for (let turn = 0; turn < 300 && (borrowers.waiting.length > 0 || on.held.length > 0); turn++) {
    heal(on, 0);
    for (const connection of on.held) on.release(connection);
    await pool.clock.run(100);
  }
  heal(on, 0);
  await pool.clock.run(20_000);
  await Promise.all(on.promises);
  check(on);
  expect(borrowers.answered(0), 'those never answered').to.equal('');
  expect(pool.clock.pending('busy'), 'timers').to.equal(0);
  expect(pool.guard.stats().idle, 'idle ones').to.equal(pool.guard.stats().total);
}

async function live(on: GuardedCase, all: readonly [string, number, boolean][]): Promise<void> {
  await ticks();
  for (const [name, pick, runsOn] of all) {
    await STEPS[name]![1](on, pick);
    if (!runsOn) continue;
    await ticks();
    check(on);
    if (name.startsWith('waits') || name === 'runs on') await checkDeadlines(on);
  }
  await ticks();
}

describe('a guarded pool, whatever happens to it', () => {
  holds(
    'forgets nobody, lends nothing twice, and nothing that is known to be bad',
    250,
    fc.asyncProperty(configurations, steps, async (configuration, all) => {
      const on = new GuardedCase(configuration);
      await live(on, all);
      await end(on);
    }),
  );

  holds(
    'gives everybody back when the guard goes, and leaves nothing behind',
    100,
    fc.asyncProperty(configurations, steps, steps, async (configuration, before, after) => {
      const on = new GuardedCase(configuration);
      await live(on, before);
      on.stop();
      checkTimers(on);
      await live(on, after.slice(0, 20));
      await end(on);
      expect(on.pool.clock.pending('idle'), 'timers of the guard').to.equal(0);
    }),
  );
});
