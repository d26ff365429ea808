import { eachServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, createPoolCluster, type Pool } from 'mysql2';
import { guard, LifeguardError } from '../src/index.ts';
import { ask, askOne, borrow, borrowAll, inside, insideCluster, within } from './support/calls.ts';
import { Journal } from '@pool-lifeguard/testkit/parity';
import { drop } from './support/same.ts';
import { loadSecondCopy, type SecondCopy } from './support/second-copy.ts';

describe('guarding a pool twice', () => {
  let second: SecondCopy;
  before('load a second copy of the package', async () => (second = await loadSecondCopy()));
  after(() => second.remove());

  it('is done by copies that share nothing but the pool', () => {
    expect(second.copy.guard).not.to.equal(guard);
    expect(second.copy.LifeguardError).not.to.equal(LifeguardError);
  });

  it('knows the errors of the other copy as its own', () => {
    const theirs = thrownBy(() => second.copy.guard({}));
    const ours = thrownBy(() => guard({}));
    expect(theirs).to.be.instanceOf(LifeguardError).and.not.instanceOf(RangeError);
    expect(ours).to.be.instanceOf(second.copy.LifeguardError);
  });

  eachServer((server) => {
    let pool: Pool;
    beforeEach(() => {
      pool = createPool({ ...server().connectionOptions(), connectionLimit: 2 });
    });
    afterEach(() => drop(pool));

    for (const other of ['the same copy', 'another copy'] as const) {
      const again = (target: object): ReturnType<typeof guard> =>
        (other === 'another copy' ? second.copy.guard : guard)(target, { maxLifetime: '1m' });

      it(`by ${other} returns the guard that it has, and hooks nothing more`, async () => {
        const handle = guard(pool);
        const connection = await borrow(pool);
        const before = [
          keysOf(pool),
          keysOf(connection),
          within(connection).listenerCount('error'),
        ];
        expect(again(pool)).to.equal(handle);
        expect(again(pool.promise())).to.equal(handle);
        const after = [keysOf(pool), keysOf(connection), within(connection).listenerCount('error')];
        expect(after).to.deep.equal(before);
        connection.release();
      });

      it(`by ${other} judges, counts and tells everything once`, async () => {
        const handle = guard(pool, { aliveBypassWindow: 0 });
        again(pool);
        const journal = new Journal().follow(pool);
        for (let round = 0; round < 3; round += 1) await ask(pool, 'SELECT 1');
        for (const connection of await borrowAll(pool, 2)) connection.release();
        expect(handle.stats()).to.include({ borrows: 5, opened: 2, looks: 3, total: 2 });
        expect(journal.counts()).to.deep.equal({ connection: 2, acquire: 5, release: 5 });
      });

      it(`by ${other} is undone once, and can then be done anew`, async () => {
        const handle = guard(pool);
        again(pool).undo();
        expect(Object.hasOwn(pool, 'getConnection')).to.equal(false);
        handle.undo();
        const anew = again(pool);
        expect(anew).not.to.equal(handle);
        expect(await askOne(pool, 'SELECT 4')).to.equal(4);
        expect(anew.stats().borrows).to.equal(1);
        expect(inside(pool)._freeConnections.length).to.equal(1);
        anew.undo();
      });
    }

    it('of a cluster, or of the pool of one of its nodes, hooks nothing more either', async () => {
      const cluster = createPoolCluster();
      cluster.add('ONE', server().connectionOptions());
      const handle = guard(cluster);
      const node = insideCluster(cluster)._nodes['ONE']?.pool;
      const borrowOf = node?.getConnection;
      expect(second.copy.guard(cluster)).to.equal(handle);
      const ofNode = second.copy.guard(node ?? {});
      expect(node?.getConnection).to.equal(borrowOf);
      expect(ofNode.stats()).to.include({ total: 0, borrows: 0 });
      handle.undo();
      expect(Object.hasOwn(node ?? {}, 'getConnection')).to.equal(false);
      await new Promise((resolve) => cluster.end(resolve));
    });
  });
});

const keysOf = (target: object): (string | symbol)[] => Reflect.ownKeys(target);

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
