import { eachServer, failureOf, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mysql2';
import { guard } from '../src/index.ts';
import { ask, askOne, borrow, borrowAll, inside } from './support/calls.ts';
import { Journal } from '@pool-lifeguard/testkit/parity';
import { drop } from './support/same.ts';

describe('a guard that comes to a pool in use', () => {
  eachServer((server) => {
    let pool: Pool;
    let journal: Journal;
    const open = (options: object): void => {
      pool = createPool({ ...server().connectionOptions(), ...options });
      journal = new Journal().follow(pool);
    };
    afterEach(() => drop(pool));

    it('takes back the connections that were lent before it', async () => {
      open({ connectionLimit: 2 });
      const lent = await borrowAll(pool, 2);
      const handle = guard(pool);
      expect(handle.stats()).to.include({ total: 2, lent: 2, idle: 0 });
      for (const connection of lent) connection.release();
      await waitUntil(() => handle.stats().validating === 0);
      expect(handle.stats()).to.include({ total: 2, lent: 0, idle: 2 });
      const again = await borrowAll(pool, 2);
      expect(again).to.have.members(lent);
      expect(journal.counts()).to.deep.equal({ connection: 2, acquire: 4, release: 2 });
    });

    it('doubts the idle connections it finds: the first borrow of each asks the server', async () => {
      open({ connectionLimit: 2 });
      for (const connection of await borrowAll(pool, 2)) connection.release();
      const handle = guard(pool);
      for (const connection of await borrowAll(pool, 2)) connection.release();
      for (const connection of await borrowAll(pool, 2)) connection.release();
      expect(handle.stats()).to.include({ pings: 2, used: 2, opened: 0, total: 2 });
    });

    it('serves those who wait already, in their order and before newer ones', async () => {
      open({ connectionLimit: 1 });
      const held = await borrow(pool);
      const order: string[] = [];
      const use = async (name: string): Promise<void> => {
        await askOne(pool, 'SELECT ?', [name]);
        order.push(name);
      };
      const early = ['first', 'second'].map(use);
      const handle = guard(pool);
      const late = use('third');
      expect(handle.stats()).to.include({ pending: 3 });
      expect(inside(pool)._connectionQueue.length).to.equal(0);
      held.release();
      await Promise.all([...early, late]);
      expect(order).to.deep.equal(['first', 'second', 'third']);
      expect(journal.counts()).to.include({ enqueue: 3, connection: 1 });
    });

    it('lets a dial that is under way go on to the one who asked for it', async () => {
      open({ connectionLimit: 1 });
      const borrowing = borrow(pool);
      const handle = guard(pool);
      const connection = await borrowing;
      expect(await askOne(connection, 'SELECT 1')).to.equal(1);
      connection.release();
      expect(await askOne(pool, 'SELECT 2')).to.equal(2);
      await waitUntil(() => handle.stats().validating === 0);
      expect(handle.stats()).to.include({ total: 1, idle: 1, lent: 0 });
      expect(journal.counts()).to.deep.equal({ connection: 1, acquire: 2, release: 2 });
    });

    it('leaves a statement that is under way alone', async () => {
      open({ connectionLimit: 1 });
      const slow = askOne(pool, 'SELECT SLEEP(0.05)');
      const connection = await new Promise((resolve) => pool.once('acquire', resolve));
      guard(pool);
      expect(await slow).to.equal(0);
      expect(await borrow(pool)).to.equal(connection);
    });

    it('watches what was lent before it: a spoiled connection is closed', async () => {
      open({ connectionLimit: 1 });
      const held = await borrow(pool);
      const handle = guard(pool);
      const error = await failureOf(
        new Promise((_resolve, reject) => {
          held.query({ sql: 'DO SLEEP(0.3)', timeout: 10 }, reject);
        }),
      );
      expect(error.code).to.equal('PROTOCOL_SEQUENCE_TIMEOUT');
      held.release();
      await ask(pool, 'DO 1');
      expect(handle.stats()).to.include({ opened: 1 });
      expect(handle.stats().closed).to.deep.equal({ poisoned: 1 });
    });

    it('does nothing to a pool that has ended', async () => {
      open({ connectionLimit: 1 });
      await ask(pool, 'DO 1');
      await new Promise((resolve) => pool.end(resolve));
      guard(pool);
      expect((await failureOf(borrow(pool))).message).to.equal('Pool is closed.');
    });
  });
});
