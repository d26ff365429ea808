import { eachServer, turns, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Pool, PoolConnection } from 'mariadb';
import { borrow, type Lease } from './support/cores.ts';
import { filled, parityOn } from './support/same.ts';

describe('the end of a lease', () => {
  eachServer((server) => {
    const { better, same } = parityOn(server);

    better(
      'comes once: a second release() takes nothing away from the next borrower',
      { connectionLimit: 1, minimumIdle: 1 },
      async ({ pool, handle }) => {
        const { wrapper: first } = await borrow(pool);
        await first.release();
        const second = await borrow(pool);
        await second.wrapper.beginTransaction();
        await first.release();
        await first.end();
        let third: Lease | undefined;
        const lent = borrow(pool).then((lease) => (third = lease));
        const waits = (): boolean => {
          const { pending = 0, validating = 0 } = handle?.stats() ?? {};
          return pending - validating === 1;
        };
        await waitUntil(() => third !== undefined || waits(), { what: 'it lent, or waited for' });
        const shared = third !== undefined;
        await second.wrapper.release();
        await lent;
        return shared;
      },
      (bare, guarded) => expect({ bare, guarded }).to.deep.equal({ bare: true, guarded: false }),
    );

    better(
      'keeps apart connections that the server gave the same thread id',
      { connectionLimit: 2, minimumIdle: 2 },
      async ({ pool, handle }) => {
        // As behind a balancer, where each of two servers counts from 1.
        pool.on('connection', ({ info }) => Object.assign(info ?? {}, { threadId: 7 }));
        await filled(pool, 2, handle);
        await turns();
        const leases = await Promise.all([pool.getConnection(), pool.getConnection()]);
        const active = pool.activeConnections();
        for (const wrapper of leases) await wrapper.release();
        return { active, idle: pool.idleConnections() };
      },
      (bare, guarded) => {
        expect(bare).not.to.deep.equal({ active: 2, idle: 2 });
        expect(guarded).to.deep.equal({ active: 2, idle: 2 });
      },
    );

    same(
      'rolls back what a borrower left open, but not what query() did',
      { connectionLimit: 1, minimumIdle: 1 },
      async ({ pool }) => {
        await createTable(pool);
        const held = await pool.getConnection();
        await held.beginTransaction();
        await held.query('INSERT INTO notes VALUES (1)');
        await held.release();
        const afterRelease = await count(pool);
        await pool.query('START TRANSACTION');
        await pool.query('INSERT INTO notes VALUES (2)');
        const inside = await count(pool);
        await pool.query('ROLLBACK');
        return { afterRelease, inside, end: await count(pool) };
      },
      (bare) => expect(bare).to.deep.equal({ afterRelease: 0, inside: 1, end: 0 }),
    );

    same(
      'controls nothing with noControlAfterUse',
      { connectionLimit: 1, minimumIdle: 1, noControlAfterUse: true },
      async ({ pool }) => {
        await createTable(pool);
        const held = await pool.getConnection();
        await held.beginTransaction();
        await held.query('INSERT INTO notes VALUES (1)');
        await held.release();
        const open = await count(pool);
        await pool.query('ROLLBACK');
        return { open, end: await count(pool) };
      },
      (bare) => expect(bare).to.deep.equal({ open: 1, end: 0 }),
    );

    same(
      'resets the session with resetAfterUse, where the server knows how',
      { connectionLimit: 1, minimumIdle: 1, resetAfterUse: true },
      async ({ pool, server }) => {
        const held = await pool.getConnection();
        await held.query('SET @left = 5');
        await held.release();
        const [row] = await pool.query<{ left: unknown }[]>('SELECT @left AS `left`');
        await pool.query('SET @left = 6');
        const [other] = await pool.query<{ left: unknown }[]>('SELECT @left AS `left`');
        return { left: row?.left, query: other?.left, isMariaDb: server.flavour === 'mariadb' };
      },
      ({ left, query, isMariaDb }) => {
        expect(left).to.equal(isMariaDb ? null : 5);
        expect(query).to.equal(6);
      },
    );

    same(
      'is told only when the rollback is done',
      { connectionLimit: 2, minimumIdle: 1 },
      async ({ pool }) => {
        await createTable(pool);
        await pool.query('INSERT INTO notes VALUES (1)');
        const held = await pool.getConnection();
        await held.beginTransaction();
        await held.query('UPDATE notes SET n = 2');
        await held.release();
        // Locked as long as the transaction is.
        const other = await pool.getConnection();
        await other.query('SET innodb_lock_wait_timeout = 1');
        await other.query('UPDATE notes SET n = 3');
        await other.release();
        return pool.query('SELECT n FROM notes');
      },
      (bare) => expect([...(bare as object[])]).to.deep.equal([{ n: 3 }]),
    );

    same(
      'leaves the statements that still run to their end, also without pipelining',
      { connectionLimit: 1, minimumIdle: 1, pipelining: false },
      async ({ pool }) => {
        const held = await pool.getConnection();
        const running = [held.query('SELECT SLEEP(0.05) AS n'), held.query('SELECT 1 AS n')];
        const released = held.release();
        const next = pool.query('SELECT 2 AS n');
        const rows = (await Promise.all([...running, next])) as object[][];
        await released;
        return rows.map(([row]) => row);
      },
      (bare) => expect(bare).to.deep.equal([{ n: 0 }, { n: 1 }, { n: 2 }]),
    );

    for (const name of ['release', 'end', 'close'] as const) {
      same(
        `by ${name}() resolves with the same, first and second time`,
        { connectionLimit: 1, minimumIdle: 1 },
        async ({ pool }) => {
          const held = (await pool.getConnection()) as PoolConnection &
            Record<typeof name, () => Promise<void>>;
          return [await held[name](), await held[name](), pool.idleConnections()];
        },
        (bare) => expect(bare).to.deep.equal([undefined, undefined, 1]),
      );
    }
  });
});

async function createTable(pool: Pool): Promise<void> {
  await pool.query('DROP TABLE IF EXISTS notes');
  await pool.query('CREATE TABLE notes (n INT) ENGINE = InnoDB');
}

async function count(pool: Pool): Promise<number> {
  const [row] = await pool.query<{ rows: number }[]>('SELECT COUNT(*) AS `rows` FROM notes');
  return Number(row?.rows);
}
