import { expect } from 'chai';
import { Emitter } from '../src/events.ts';
import { PoolGuard } from '../src/guard.ts';
import { Installer } from '../src/install.ts';
import { readOptions } from '../src/read-options.ts';
import { anotherCopy } from './support/another-copy.ts';
import { FakeClock } from './support/fake-clock.ts';
import type { FakeConnection } from './support/fake-connection.ts';
import { FakeDriver } from './support/fake-driver.ts';

class Pool {
  readonly driver = new FakeDriver(new FakeClock());
  closed = false;
}

class Cluster {
  readonly nodes: readonly Pool[] = [new Pool(), new Pool()];
}

class GuardedPool extends PoolGuard<FakeConnection> {
  undone = 0;

  undo(): void {
    this.undone++;
  }
}

type FakeInstaller = Installer<FakeConnection, GuardedPool, Pool, Cluster>;

let names = 0;

/** Guards fake pools and clusters, under a name that no other test has. */
function installer(Class: typeof Installer = Installer, name = `fake ${++names}`): FakeInstaller {
  return new Class<FakeConnection, GuardedPool, Pool, Cluster>({
    driver: name,
    recognize: (target) => {
      if (target instanceof Pool) return { pool: target };
      if (target instanceof Cluster) return { cluster: target };
      throw new Error('neither a pool nor a cluster');
    },
    guardPool: (pool, surroundings) => {
      return pool.closed ? undefined : new GuardedPool(pool.driver, surroundings);
    },
    guardCluster: ({ nodes }, guardNode) => {
      const guarded = nodes.map(guardNode);
      return {
        pools: () => guarded.flatMap((node) => node.pools()),
        undo: () => guarded.forEach((node) => node.undo()),
      };
    },
    unwrap: (lent) => ('inner' in lent ? (lent.inner as object) : lent),
  });
}

const given = [readOptions({ logger: false }, {}), new Emitter()] as const;

describe('a guard of a pool or cluster', () => {
  it('is set up once, whichever copy of us is asked', async () => {
    const pool = new Pool();
    const other = await anotherCopy<{ Installer: typeof Installer }>('install');
    const [one, another] = [installer(Installer, 'shared'), installer(other.Installer, 'shared')];
    expect(another.install(pool, ...given)).to.equal(one.install(pool, ...given));
    expect(another.guard(pool)).to.equal(one.guard(pool));
  });

  it('is taken off once, and not by the undo of an earlier one', () => {
    const [pool, one] = [new Pool(), installer()];
    const first = one.install(pool, ...given);
    const [guarded] = first.pools();
    first.undo();
    const second = one.install(pool, ...given);
    expect(second).not.to.equal(first);
    first.undo();
    expect(guarded?.undone).to.equal(1);
    expect(one.install(pool, ...given)).to.equal(second);
    expect(second.pools()[0]?.undone).to.equal(0);
  });

  it('of a cluster is one of each of its nodes', () => {
    const [cluster, one] = [new Cluster(), installer()];
    const guarded = one.install(cluster, ...given);
    const nodes = cluster.nodes.map((node) => one.install(node, ...given));
    const pools = guarded.pools();
    expect(pools).to.deep.equal(nodes.flatMap((node) => node.pools()));
    guarded.undo();
    expect(pools.map(({ undone }) => undone)).to.deep.equal([1, 1]);
  });

  it('of a pool that has ended has nothing to tell, and nothing to undo', () => {
    const pool = Object.assign(new Pool(), { closed: true });
    const guarded = installer().install(pool, ...given);
    expect(guarded.pools()).to.deep.equal([]);
    expect(() => guarded.undo()).not.to.throw();
  });

  it('that is switched off has set nothing up', () => {
    const pool = new Pool();
    const one = installer();
    expect(one.guard(pool, { enabled: false }).stats()).to.include({ mode: 'off', total: 0 });
    expect(one.install(pool, ...given).handle.stats().mode).to.equal('on');
  });

  for (const enabled of [true, false]) {
    it(`is not made of anything else, with enabled: ${enabled}`, () => {
      expect(() => installer().guard({}, { enabled })).to.throw('neither a pool nor a cluster');
    });
  }

  for (const fix of [Object.freeze, Object.seal, Object.preventExtensions]) {
    it(`is refused where nothing can be changed: ${fix.name}`, () => {
      const pool = fix(new Pool());
      expect(() => installer().guard(pool))
        .to.throw('frozen or sealed')
        .with.property('code', 'LIFEGUARD_UNSUPPORTED');
    });
  }

  it('judges held connections of its own, also through a wrapper', async () => {
    const pool = new Pool();
    const [bare, wrapped] = [pool.driver.adopt('lent'), pool.driver.adopt('lent')];
    const guarded = installer().install(pool, ...given);
    const check = (held: object): unknown => guarded.checkHeld(held, 'SELECT 1', {});
    for (const connection of [bare, wrapped]) connection.flaw = 'closed';
    expect(await check(bare)).to.equal('move');
    expect(await check({ inner: wrapped })).to.equal('move');
    expect(check({})).to.equal('keep');
  });
});
