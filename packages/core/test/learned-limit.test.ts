import { expect } from 'chai';
import { LearnedLimit } from '../src/learned-limit.ts';
import { open } from './support/open.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A connection at rest that was closed, alone in its pool and of a server with a limit of 8 hours. */
const closed = (idleMs: number, others = {}): Parameters<LearnedLimit['closed']>[0] => {
  return { idleMs, waitTimeoutMs: 480 * MINUTE, longestRestMs: 0, ...others };
};

describe('the limit learned from closes', () => {
  let limit: LearnedLimit;
  beforeEach(() => {
    limit = new LearnedLimit();
  });

  it('is none at first', () => {
    expect(limit.idleMs).to.equal(Infinity);
  });

  it('stays below the age at which the first one was closed, by a margin', () => {
    expect(limit.closed(closed(2_000), 0)).to.equal(true);
    expect(limit.idleMs).to.equal(1_500);
    expect(limit.closed(closed(350 * SECOND), 10 * SECOND)).to.equal(false);
    expect(limit.idleMs).to.equal(1_500);
  });

  it('goes down with a close at a smaller age', () => {
    limit.closed(closed(350 * SECOND), 0);
    expect(limit.idleMs).to.equal(320 * SECOND);
    expect(limit.closed(closed(50 * SECOND), 10 * SECOND)).to.equal(true);
    expect(limit.idleMs).to.equal(45 * SECOND);
  });

  const NOTHING_LEARNED: Readonly<Record<string, Parameters<LearnedLimit['closed']>[0]>> = {
    'younger than any limit is': closed(999),
    "at the server's own limit": closed(8 * SECOND, { waitTimeoutMs: 8 * SECOND }),
    "just below the server's own limit": closed(7_600, { waitTimeoutMs: 8 * SECOND }),
    'while another one has rested for longer': closed(8 * SECOND, { longestRestMs: 9 * SECOND }),
    'while another one has rested for as long': closed(8 * SECOND, { longestRestMs: 8 * SECOND }),
  };
  for (const [when, close] of Object.entries(NOTHING_LEARNED)) {
    it(`is not learned from one ${when}`, () => {
      expect(limit.closed(close, 0)).to.equal(false);
      expect(limit.idleMs).to.equal(Infinity);
    });
  }

  it('is learned where the limit of the server is not known', () => {
    limit.closed(closed(2_000, { waitTimeoutMs: undefined }), 0);
    expect(limit.idleMs).to.equal(1_500);
  });

  it('is learned where the others have not rested for as long', () => {
    limit.closed(closed(2_000, { longestRestMs: 1_500 }), 0);
    expect(limit.idleMs).to.equal(1_500);
  });

  it('is not learned from several of different ages that go at once', () => {
    limit.closed(closed(60 * SECOND), 0);
    limit.closed(closed(20 * SECOND), 5);
    limit.closed(closed(20 * SECOND), 6);
    expect(limit.idleMs).to.equal(Infinity);
  });

  it('is learned from several of one age that go at once', () => {
    limit.closed(closed(60_000), 0);
    limit.closed(closed(60_005), 5);
    expect(limit.idleMs).to.equal(54_000);
  });

  it('keeps what was known before of a burst that means something else', () => {
    limit.closed(closed(60 * SECOND), 0);
    limit.closed(closed(30 * SECOND), MINUTE);
    limit.closed(closed(5 * SECOND), MINUTE + 1);
    expect(limit.idleMs).to.equal(54 * SECOND);
  });

  it('is not learned while something else ends connections', () => {
    limit.closed(closed(60 * SECOND), 0);
    limit.excuse(10);
    expect(limit.idleMs).to.equal(Infinity);
    limit.closed(closed(60 * SECOND), 900);
    expect(limit.idleMs).to.equal(Infinity);
    limit.closed(closed(60 * SECOND), 2_100);
    expect(limit.idleMs).to.equal(54 * SECOND);
  });

  it('is not taken back by what happens long after', () => {
    limit.closed(closed(60 * SECOND), 0);
    limit.excuse(MINUTE);
    expect(limit.idleMs).to.equal(54 * SECOND);
  });

  it('is not learned below a rest that was survived in the last ten minutes', () => {
    limit.survived(9 * SECOND, 0);
    limit.closed(closed(8 * SECOND), 9 * MINUTE);
    expect(limit.idleMs).to.equal(Infinity);
    limit.closed(closed(8 * SECOND), 10 * MINUTE);
    expect(limit.idleMs).to.equal(7_200);
  });

  it('is forgotten once a rest beyond it is survived', () => {
    limit.closed(closed(8 * SECOND), 0);
    limit.survived(8 * SECOND, MINUTE);
    expect(limit.idleMs, 'a rest as long as that of the closed one').to.equal(7_200);
    limit.survived(9 * SECOND, MINUTE);
    expect(limit.idleMs).to.equal(Infinity);
  });

  it('is relied on for ten minutes after the last close that says the same', () => {
    limit.closed(closed(8 * SECOND), 0);
    limit.closed(closed(9 * SECOND), 5 * MINUTE);
    limit.review(14 * MINUTE);
    expect(limit.idleMs).to.equal(7_200);
    limit.review(15 * MINUTE);
    expect(limit.idleMs).to.equal(Infinity);
  });
});

describe('a pool whose connections are closed at rest', () => {
  it('lends none from the second time on that has rested for so long', async () => {
    const pool = open({ idleTimeout: 0 });
    const connection = await pool.fillOne();
    await pool.clock.run(2_000);
    connection.flaw = 'closed';
    connection.hungUp = true;
    pool.driver.drop(connection);
    expect(pool.events('limitLearned')).to.have.length(1);
    const { learnedIdleTimeoutMs = 0 } = pool.guard.stats();
    expect(learnedIdleTimeoutMs).to.be.within(1_500, 1_600);
    const next = await pool.fillOne();
    await pool.clock.run(learnedIdleTimeoutMs);
    expect(await pool.borrow()).not.to.equal(next);
    expect(pool.guard.stats().closed).to.deep.equal({ closed: 1, 'idle-timeout': 1 });
  });

  it('learns nothing when a statement was lost in the same moment', async () => {
    const pool = open({ idleTimeout: 0 });
    const [busy, resting] = await pool.fill(2);
    await pool.clock.run(2_000);
    await pool.borrow();
    for (const connection of [resting!, busy!]) {
      connection.flaw = 'closed';
      connection.hungUp = true;
      pool.driver.drop(connection);
    }
    pool.guard.watch.failed(busy!, Object.assign(new Error('gone'), { fatal: true }));
    expect(pool.guard.stats().learnedIdleTimeoutMs).to.equal(undefined);
  });
});
