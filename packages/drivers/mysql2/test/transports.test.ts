import { eachServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Pool, PoolConnection, PoolOptions } from 'mysql2';
import { ask, askOne, borrowAll, execute, inside, within } from './support/calls.ts';
import { parityOn, type Setting } from './support/same.ts';

describe('ways to the server', () => {
  eachServer(
    (server) => {
      const { same } = parityOn(server);
      const tls = (): PoolOptions => ({ ssl: { ca: server().ca ?? '' } });
      const ways: readonly (readonly [way: string, kind: string, setting: () => Setting])[] = [
        ['compressed', 'IPv4,compressed', () => ({ compress: true })],
        ['with TLS', 'IPv4,tls', tls],
        ['with TLS and compressed', 'IPv4,tls,compressed', () => ({ ...tls(), compress: true })],
        ['by unix socket', 'unix', () => ({ socketPath: server().socketPath ?? '' })],
        ['with keepalive', 'IPv4', () => ({ enableKeepAlive: true, keepAliveInitialDelay: 1000 })],
      ];

      for (const [way, kind, setting] of ways) {
        same(
          `${way}: statements small and big, streams, and connections used again`,
          () => ({ ...setting(), connectionLimit: 2 }),
          async ({ pool }) => {
            const lent = await borrowAll(pool, 2);
            const kinds = await Promise.all(lent.map(kindOf));
            for (const connection of lent) connection.release();
            return [kinds, await converse(pool), inside(pool)._allConnections.length];
          },
          (bare) => {
            expect(bare[0]).to.deep.equal([kind, kind]);
            expect(bare[1]).to.deep.equal([3_000_000, 200_000, 2000, ['a', 'b', 'c', 'd']]);
            expect(bare[2]).to.equal(2);
          },
        );
      }
    },
    { needs: ['tls', 'unixSocket'] },
  );
});

/** What the server says of the connection. */
async function kindOf(connection: PoolConnection): Promise<string> {
  const status = async (name: string): Promise<unknown> =>
    (await ask(connection, 'SHOW SESSION STATUS LIKE ?', [name]))[0]?.['Value'];
  const tls = (await status('Ssl_cipher')) !== '';
  const compressed = (await status('Compression')) === 'ON';
  const kind = within(connection).stream.remoteFamily ?? 'unix';
  return [kind, ...(tls ? ['tls'] : []), ...(compressed ? ['compressed'] : [])].join();
}

async function converse(pool: Pool): Promise<unknown[]> {
  const big = String(await askOne(pool, 'SELECT REPEAT("abc", 1000000)'));
  const [sent] = await execute(pool, 'SELECT LENGTH(?) AS length', ['z'.repeat(200_000)]);
  let rows = 0;
  const sql = `SELECT REPEAT('y', 500) FROM information_schema.COLLATIONS a, (${TEN}) b LIMIT 2000`;
  for await (const row of pool.query(sql).stream({ highWaterMark: 4 })) if (row) rows += 1;
  const words = ['a', 'b', 'c', 'd'].map((word) => askOne(pool, 'SELECT ?', [word]));
  const together = await Promise.all(words);
  await ask(pool, 'DO 1');
  return [big.length, sent?.['length'], rows, together];
}

const TEN = Array.from({ length: 10 }, (_, n) => `SELECT ${n}`).join(' UNION ');
