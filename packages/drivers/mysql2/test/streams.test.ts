import { eachServer, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { PoolConnection } from 'mysql2';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { ask, askOne, borrow, inside, within } from './support/calls.ts';
import { goesOnWithoutReader } from './support/driver.ts';
import { parityOn } from './support/same.ts';

/** Rows of 1 kB, enough of them to fill every buffer on the way. */
const MANY_ROWS = `
  WITH RECURSIVE digits AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM digits WHERE n < 9)
  SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n AS place, REPEAT('x', 1000) AS filling
  FROM digits a, digits b, digits c, digits d ORDER BY place`;
const ROWS = 10_000;

describe('streams of rows', () => {
  eachServer((server) => {
    const { same } = parityOn(server);

    same(
      'of a pool bring all rows in order, and release the connection',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const places = await placesOf(pool.query(MANY_ROWS).stream());
        const afterwards = await askOne(pool, 'SELECT 1');
        return [summary(places), afterwards, journal.counts()];
      },
      (bare) => expect(bare[0]).to.equal(`${ROWS} in order`),
    );

    same(
      'of a borrowed connection can be paused and resumed',
      {},
      async ({ pool }) => {
        const connection = await borrow(pool);
        const stream = connection.query(MANY_ROWS).stream({ highWaterMark: 1 });
        await once(stream, 'readable');
        await waitUntil(() => within(connection)._paused);
        const places = await placesOf(stream);
        const afterwards = await askOne(connection, 'SELECT 2');
        connection.release();
        return [summary(places), afterwards, await askOne(pool, 'SELECT 3')];
      },
      (bare) => expect(bare).to.deep.equal([`${ROWS} in order`, 2, 3]),
    );

    same(
      'that are destroyed half-way leave a connection that can be used again',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const connection = await borrow(pool);
        const read = await leaveHalfWay(connection);
        const held = goesOnWithoutReader
          ? await askOne(connection, 'SELECT 4')
          : connection.destroy();
        connection.release();
        const again = await borrow(pool);
        return [read, held, await askOne(again, 'SELECT 5'), journal.name(again)];
      },
      (bare) =>
        expect(bare).to.deep.equal(
          goesOnWithoutReader ? [10, 4, 5, 'c1'] : [10, undefined, 5, 'c2'],
        ),
    );

    same(
      'that are destroyed and released half-way leave it to the next one too',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const connection = await borrow(pool);
        await leaveHalfWay(connection);
        if (!goesOnWithoutReader) connection.destroy();
        connection.release();
        const again = await borrow(pool);
        return [await askOne(again, 'SELECT 6'), journal.name(again)];
      },
      (bare) => expect(bare).to.deep.equal([6, goesOnWithoutReader ? 'c1' : 'c2']),
    );

    same(
      'go on after an early release, also while they are paused',
      { connectionLimit: 1 },
      async ({ pool }) => {
        const connection = await borrow(pool);
        const stream = connection.query(MANY_ROWS).stream({ highWaterMark: 1 });
        await once(stream, 'readable');
        await waitUntil(() => within(connection)._paused);
        connection.release();
        const next = askOne(pool, 'SELECT 7');
        return [summary(await placesOf(stream)), await next];
      },
      (bare) => expect(bare).to.deep.equal([`${ROWS} in order`, 7]),
    );

    same(
      'tell their error, and the connection stays',
      { connectionLimit: 1 },
      async ({ pool, journal }) => {
        const stream = pool.query('SELECT nothing FROM nowhere').stream();
        stream.resume();
        const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
        await waitUntil(() => inside(pool)._freeConnections.length === 1);
        await ask(pool, 'DO 1');
        return [error.code, journal.counts()];
      },
      (bare) =>
        expect(bare).to.deep.equal(['ER_NO_SUCH_TABLE', { connection: 1, acquire: 2, release: 2 }]),
    );
  });
});

async function placesOf(stream: Readable): Promise<number[]> {
  const places: number[] = [];
  for await (const row of stream) places.push((row as { place: number }).place);
  return places;
}

function summary(places: number[]): string {
  const inOrder = places.every((place, index) => place === index);
  return `${places.length} ${inOrder ? 'in order' : 'in disorder'}`;
}

/** Reads ten rows and gives up the rest. */
async function leaveHalfWay(connection: PoolConnection): Promise<number> {
  const stream = connection.query(MANY_ROWS).stream({ highWaterMark: 5 });
  let read = 0;
  for await (const row of stream) {
    if (row) read += 1;
    if (read === 10) break;
  }
  return read;
}
