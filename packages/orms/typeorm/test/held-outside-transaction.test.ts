import { guard } from '@pool-lifeguard/typeorm';
import { eachServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource, QueryRunner } from 'typeorm';
import { useDatabase } from './support/database.ts';
import { nothingLeaked } from './support/pool.ts';
import { ask, connectionId, cut, heldBy, heldRunner, streamed } from './support/runner.ts';

describe('a held query runner whose connection dies outside a transaction', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    let dataSource: DataSource;
    let runner: QueryRunner;
    let dead: number;

    beforeEach(async () => {
      dataSource = await database.dataSource().initialize();
    });

    const holdDead = async (): Promise<void> => {
      runner = await heldRunner(dataSource);
      dead = heldBy(runner).threadId;
      await cut(server(), runner);
    };

    it('is dead for ever without the guard', async () => {
      await holdDead();
      for (const attempt of [1, 2, 3]) {
        const answer = await runner.query('SELECT 1').catch((error: Error) => error.message);
        expect(answer, `attempt ${attempt}`).to.match(/closed state|closed the connection/);
      }
    });

    describe('under the guard', () => {
      beforeEach(async () => {
        guard(dataSource);
        await holdDead();
      });

      afterEach(async () => {
        await runner.release();
        await nothingLeaked(dataSource, database);
      });

      it('runs the next query on a fresh connection, and stays on it', async () => {
        const fresh = await connectionId(runner);
        expect(fresh).not.to.equal(dead);
        expect(await connectionId(runner)).to.equal(fresh);
        expect(heldBy(runner).threadId).to.equal(fresh);
        expect((await database.sessions()).map(({ id }) => id)).to.include(fresh);
      });

      it('runs the next stream on a fresh connection', async () => {
        const [row] = await streamed(runner, 'SELECT CONNECTION_ID() AS id');
        expect(Number(row?.id)).to.equal(heldBy(runner).threadId).and.not.equal(dead);
      });

      it('starts the next transaction on a fresh connection', async () => {
        await runner.query('CREATE TABLE started (id INT)');
        await cut(server(), runner);
        await runner.startTransaction();
        await runner.query('INSERT INTO started VALUES (1)');
        await runner.commitTransaction();
        expect(await ask(dataSource, 'SELECT id FROM started')).to.deep.equal([{ id: 1 }]);
      });

      for (const many of [2, 10]) {
        it(`runs ${many} queries at once on one and the same fresh connection`, async () => {
          const asked = Array.from({ length: many }, () => connectionId(runner));
          const ids = new Set(await Promise.all(asked));
          expect([...ids]).to.deep.equal([heldBy(runner).threadId]);
          expect(ids).not.to.include(dead);
        });
      }

      it('runs a query, a stream and a BEGIN at once on one and the same connection', async () => {
        const [id, [row]] = await Promise.all([
          connectionId(runner),
          streamed(runner, 'SELECT CONNECTION_ID() AS id'),
          runner.query('BEGIN'),
        ]);
        expect(Number(row?.id)).to.equal(id).and.equal(heldBy(runner).threadId);
        await runner.query('ROLLBACK');
      });

      it('gives the fresh connection to whoever calls connect() by hand', async () => {
        const [one, other] = await Promise.all([runner.connect(), runner.connect()]);
        expect(one).to.equal(other).and.equal(heldBy(runner));
        expect(await connectionId(runner))
          .to.equal(heldBy(runner).threadId)
          .and.not.equal(dead);
      });

      it('is moved once more when its fresh connection dies too', async () => {
        const first = await connectionId(runner);
        await cut(server(), runner);
        expect(await connectionId(runner)).not.to.be.oneOf([dead, first]);
      });
    });
  });
});
