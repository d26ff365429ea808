import { Emitter, readOptions } from '@pool-lifeguard/core';
import { eachServer, failureOf, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, createPoolCluster, type Pool, type PoolConnection } from 'mysql2';
import { install, LifeguardError, type Events, type LifeguardOptions } from '../src/index.ts';
import { ask, borrow, within } from './support/calls.ts';
import { drop } from './support/same.ts';

describe('a connection held over many statements, asked of through install()', () => {
  eachServer((server) => {
    let pool: Pool;
    let held: PoolConnection;
    let installed: ReturnType<typeof install>;
    let heard: [name: keyof Events, what: unknown][];
    const hold = async (options: LifeguardOptions = {}): Promise<void> => {
      pool = createPool({ ...server().connectionOptions(), connectionLimit: 2 });
      installed = install(pool, readOptions(options), new Emitter());
      heard = [];
      installed.handle.on('moved', ({ connection }) => heard.push(['moved', connection.id]));
      installed.handle.on('lost', ({ what }) => heard.push(['lost', what]));
      held = await borrow(pool);
      await ask(held, 'DO 1');
    };
    afterEach(() => drop(pool));

    const kill = async (): Promise<void> => {
      await server().kill(held.threadId);
      await waitUntil(() => within(held).stream.destroyed);
    };
    const check = (sql?: string): Promise<string> =>
      Promise.resolve(installed.checkHeld(held, sql, held));

    it('is kept at once while it was used a moment ago', async () => {
      await hold();
      expect(installed.checkHeld(held, 'SELECT 1', held)).to.equal('keep');
    });

    it('is kept after a look, or a ping', async () => {
      for (const pingIdleAfter of [0, '1h']) {
        await hold({ aliveBypassWindow: 0, pingIdleAfter });
        const verdict = installed.checkHeld(held, 'SELECT 1', held);
        expect(verdict).to.be.instanceOf(Promise);
        expect(await verdict).to.equal('keep');
        drop(pool);
      }
      expect(heard).to.deep.equal([]);
    });

    it('is moved when it died outside a transaction', async () => {
      await hold();
      await kill();
      expect(await check('SELECT 1')).to.equal('move');
      expect(heard).to.deep.equal([['moved', 1]]);
      expect(installed.handle.stats()).to.include({ moved: 1, lost: 0 });
    });

    const losses: readonly (readonly [before: string, next: string, what: string, code: string])[] =
      [
        ['START TRANSACTION', 'SELECT 1', 'transaction', 'LIFEGUARD_TRANSACTION_LOST'],
        ['SET @word = 1', 'SELECT 1', 'session', 'LIFEGUARD_SESSION_LOST'],
        ['DO 1', 'SELECT LAST_INSERT_ID()', 'session', 'LIFEGUARD_SESSION_LOST'],
      ];
    for (const [before, next, what, code] of losses) {
      it(`that died after ${before}: ${next} is told that the ${what} is lost, once`, async () => {
        await hold();
        await ask(held, before);
        await kill();
        const error = await failureOf(check(next));
        expect(error).to.be.instanceOf(LifeguardError);
        expect(error.code).to.equal(code);
        expect(heard).to.deep.equal([['lost', what]]);
        expect(installed.handle.stats()).to.include({ lost: 1 });
      });
    }

    it('is kept whatever it is where the guard only observes, or where it is nobody’s', async () => {
      await hold({ enabled: 'observe' });
      await kill();
      expect(await check('SELECT 1')).to.equal('keep');
      expect(installed.checkHeld({}, 'SELECT 1', {})).to.equal('keep');
    });

    it('of a cluster is asked of its node', async () => {
      await hold();
      const cluster = createPoolCluster();
      cluster.add('ONE', server().connectionOptions());
      const ofCluster = install(cluster, readOptions(), new Emitter());
      const connection = await borrow(cluster);
      await server().kill(connection.threadId);
      await waitUntil(() => within(connection).stream.destroyed);
      expect(await ofCluster.checkHeld(connection, 'SELECT 1', connection)).to.equal('move');
      expect(ofCluster.handle.stats()).to.include({ moved: 1 });
      ofCluster.undo();
      await new Promise((resolve) => cluster.end(resolve));
    });
  });
});
