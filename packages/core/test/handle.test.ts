import { expect } from 'chai';
import { spy, type SinonSpy } from 'sinon';
import { Emitter } from '../src/events.ts';
import type { EvictSummary, Guard } from '../src/guard.ts';
import { handleOf } from '../src/handle.ts';
import type { LifeguardOptions } from '../src/options.ts';
import { readOptions } from '../src/read-options.ts';
import { newCounters, type PoolStats } from '../src/stats.ts';

function statsOf(poolName: string, facts: Partial<PoolStats>): PoolStats {
  return {
    ...newCounters(),
    ...{ poolName, mode: 'on', total: 0, idle: 0, lent: 0, validating: 0, opening: 0, pending: 0 },
    ...{ closed: {}, waitTimeoutMs: undefined, learnedIdleTimeoutMs: undefined, ...facts },
  };
}

interface FakePool {
  stats(): PoolStats;
  evictStale(): Promise<EvictSummary>;
  readonly evictAll: SinonSpy;
}

function poolOf(name: string, facts: Partial<PoolStats> = {}, found = [0, 0]): FakePool {
  const [checked = 0, evicted = 0] = found;
  return {
    stats: () => statsOf(name, facts),
    evictStale: () => Promise.resolve({ checked, evicted }),
    evictAll: spy(),
  };
}

function handle(pools: FakePool[], options: LifeguardOptions = {}): Guard & { emitter: Emitter } {
  const emitter = new Emitter();
  const policy = readOptions(options, {});
  const guarded = { policy, emitter, pools: () => pools, undo: spy() };
  return Object.assign(handleOf(guarded), { emitter });
}

describe('the handle of one pool', () => {
  it('shows its stats', () => {
    const one = poolOf('main', { total: 3, borrows: 7, closed: { lifetime: 2 } });
    expect(handle([one]).stats()).to.deep.equal(one.stats());
  });

  it('evicts what is stale, and all', async () => {
    const one = poolOf('main', {}, [5, 2]);
    expect(await handle([one]).evictStale()).to.deep.equal({ checked: 5, evicted: 2 });
    handle([one]).evictAll();
    expect(one.evictAll.calledOnce).to.equal(true);
  });

  it('adds listeners and removes them', () => {
    const guard = handle([poolOf('main')]);
    const listener = spy();
    const remove = guard.on('warning', listener);
    guard.emitter.emit('warning', { poolName: 'main', message: 'a' });
    remove();
    guard.emitter.emit('warning', { poolName: 'main', message: 'b' });
    expect(listener.callCount).to.equal(1);
  });

  for (const enabled of ['observe', false] as const) {
    it(`acts on nothing with enabled: ${enabled}`, async () => {
      const one = poolOf('main', {}, [5, 2]);
      const guard = handle([one], { enabled });
      expect(await guard.evictStale()).to.deep.equal({ checked: 0, evicted: 0 });
      guard.evictAll();
      expect(one.evictAll.called).to.equal(false);
    });
  }
});

describe('the handle of several pools', () => {
  const first = poolOf(
    'MASTER',
    {
      ...{ total: 3, idle: 1, lent: 1, validating: 1, pending: 2, borrows: 10, used: 4, looks: 1 },
      ...{ retries: 2, closed: { lifetime: 2, closed: 1 } },
    },
    [5, 2],
  );
  const second = poolOf(
    'SLAVE0',
    {
      ...{ total: 4, idle: 2, lent: 1, opening: 1, borrows: 5, opened: 4, lost: 1, timeouts: 1 },
      ...{ retries: 3, closed: { lifetime: 1, poisoned: 1 }, waitTimeoutMs: 60_000 },
      ...{ learnedIdleTimeoutMs: 45_000 },
    },
    [3, 1],
  );

  it('shows the sum of their stats', () => {
    expect(handle([first, second]).stats()).to.deep.equal({
      ...{ poolName: 'MASTER, SLAVE0', mode: 'on', total: 7, idle: 3, lent: 2, validating: 1 },
      ...{ opening: 1, pending: 2, borrows: 15, used: 4, looks: 1, pings: 0, keepalives: 0 },
      ...{ opened: 4 },
      ...{ openFailures: 0, timeouts: 1, retries: 5, moved: 0, lost: 1 },
      ...{ rollbacks: 0, leaks: 0 },
      ...{ closed: { lifetime: 3, closed: 1, poisoned: 1 }, waitTimeoutMs: 60_000 },
      ...{ learnedIdleTimeoutMs: 45_000 },
    });
  });

  it('bears the name that the user gave', () => {
    expect(handle([first, second], { poolName: 'shop' }).stats().poolName).to.equal('shop');
  });

  it('adds up what was evicted', async () => {
    expect(await handle([first, second]).evictStale()).to.deep.equal({ checked: 8, evicted: 3 });
  });

  it('evicts all of all', () => {
    handle([first, second]).evictAll();
    expect([first.evictAll.callCount, second.evictAll.callCount]).to.deep.equal([1, 1]);
  });
});

describe('the handle of no pool', () => {
  it('has nothing to show', async () => {
    const none = handle([]);
    expect(none.stats()).to.include({ poolName: '', total: 0, borrows: 0 });
    expect(none.stats()).to.deep.include({ closed: {}, waitTimeoutMs: undefined });
    expect(await none.evictStale()).to.deep.equal({ checked: 0, evicted: 0 });
  });
});
