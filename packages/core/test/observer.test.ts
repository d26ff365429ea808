import { expect } from 'chai';
import { Observer } from '../src/observer.ts';
import type { FakeConnection } from './support/fake-connection.ts';
import { Borrow, open, type Subject } from './support/open.ts';

interface Observed {
  readonly pool: Subject;
  readonly observer: Observer<FakeConnection>;
  /** A connection that the driver has. */
  adopt(where: 'idle' | 'lent'): FakeConnection;
  /** The verdicts that were told, but for `use`, which is only counted. */
  told(): unknown[];
}

/** A pool that is only observed; the driver lends by itself. */
function observe(): Observed {
  const pool = open({ enabled: 'observe' });
  return {
    pool,
    observer: new Observer(pool.guard.roster),
    adopt: (where) => pool.driver.adopt(where),
    told: () => pool.events('verdict').map(({ verdict, observed }) => [verdict, observed]),
  };
}

/** The driver lends this one, or fails. */
function lend(
  { observer }: Observed,
  next: FakeConnection | undefined,
  ...lent: [Error | null, FakeConnection?]
): Borrow {
  const borrow = new Borrow('observed');
  observer.borrows(next, borrow.answer)(...lent);
  return borrow;
}

describe('observing', () => {
  for (const [verdict, ms] of [
    ['use', 100],
    ['look', 1_000],
    ['ping', 10_000],
    ['evict', 1_800_000],
  ] as const) {
    it(`tells the verdict on a connection idle for ${ms} ms: ${verdict}`, () => {
      const observed = observe();
      const { pool, observer, told } = observed;
      const connection = observed.adopt('idle');
      observer.releases(connection);
      pool.clock.advance(ms);
      pool.record(connection).peer.heardAt = verdict === 'look' ? pool.clock.now() : 0;
      lend(observed, connection, null, connection);
      expect(told()).to.deep.equal(verdict === 'use' ? [] : [[verdict, true]]);
      expect(pool.guard.stats()).to.include({ borrows: 1, used: verdict === 'use' ? 1 : 0 });
    });
  }

  for (const [what, happens] of [
    ['a dead connection', (connection) => (connection.flaw = 'closed')],
    ['a byte received while idle', (connection) => connection.bytes++],
  ] as [string, (connection: FakeConnection) => unknown][]) {
    it(`tells of ${what} that the connection would be closed`, () => {
      const observed = observe();
      const connection = observed.adopt('idle');
      observed.observer.releases(connection);
      happens(connection);
      lend(observed, connection, null, connection);
      expect(observed.told()).to.deep.equal([['evict', true]]);
    });
  }

  it('begins to know what it meets', () => {
    const observed = observe();
    const { pool, observer, adopt } = observed;
    const [met, released] = [adopt('idle'), adopt('lent')];
    lend(observed, met, null, met);
    expect(pool.guard.stats()).to.include({ used: 1, opened: 0 });
    observer.releases(released);
    expect(pool.record(released).idleSince).to.equal(pool.clock.now());
  });

  it('counts a borrow that meets no idle connection', () => {
    const observed = observe();
    observed.observer.borrows(undefined, () => {});
    expect(observed.pool.guard.stats()).to.include({ borrows: 1, used: 0, opened: 0 });
    expect(observed.told()).to.deep.equal([]);
  });

  it('knows a connection from its opening, and counts it once', () => {
    const observed = observe();
    const opened = observed.adopt('lent');
    for (let time = 0; time < 2; time++) lend(observed, undefined, null, opened);
    expect(observed.pool.record(opened)).to.include({ state: 'leased', suspect: false });
    expect(observed.pool.guard.stats()).to.include({ opened: 1, lent: 1 });
  });

  it('passes on what the driver answers', () => {
    const observed = observe();
    const [connection, error] = [observed.adopt('lent'), new Error('connect ECONNREFUSED')];
    expect(lend(observed, undefined, null, connection)).to.include({ connection, answers: 1 });
    expect(lend(observed, undefined, error)).to.include({ error, answers: 1 });
  });

  it('takes a release for a word of the server, and counts idle time from there', () => {
    const observed = observe();
    const connection = observed.adopt('idle');
    observed.pool.clock.advance(10_000);
    observed.observer.releases(connection);
    lend(observed, connection, null, connection);
    expect(observed.pool.guard.stats().used).to.equal(1);
  });

  it('tells what the driver dropped, once, and only of what it knows', () => {
    const { pool, observer, adopt } = observe();
    const [known, unknown] = [adopt('lent'), adopt('lent')];
    observer.releases(known);
    for (const connection of [known, known, unknown]) observer.removes(connection);
    expect(pool.guard.stats().closed).to.deep.equal({ removed: 1 });
  });

  it('changes nothing', async () => {
    const observed = observe();
    const { pool } = observed;
    const connection = observed.adopt('idle');
    observed.observer.releases(connection);
    pool.clock.advance(1_800_000);
    lend(observed, connection, null, connection);
    pool.guard.evictAll();
    expect(await pool.guard.evictStale()).to.deep.equal({ checked: 0, evicted: 0 });
    expect(pool.driver).to.deep.include({ discarded: [], retired: [] });
    expect(pool.driver.free).to.have.length(1);
    expect(pool.clock.pending('busy') + pool.clock.pending('idle')).to.equal(0);
  });
});
