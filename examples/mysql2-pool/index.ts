import { guard } from '@pool-lifeguard/mysql2';
import { createPool, type RowDataPacket } from 'mysql2/promise';

const pool = createPool({
  uri: process.env['DATABASE_URL'] ?? 'mysql://root@localhost/test',
  connectionLimit: 5,
});

// This is the one line.
const lifeguard = guard(pool, { connectionTimeout: '5s' });

await pool.query('CREATE TABLE IF NOT EXISTS visit (at TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP(3))');
await Promise.all([1, 2, 3, 4, 5].map(() => pool.query('INSERT INTO visit () VALUES ()')));
console.log(`${lifeguard.stats().total} connections are open`);

freeze(Number(process.env['IDLE_MS'] ?? 60_000));

// Five at once: each of them meets a connection that the server has closed meanwhile.
await Promise.all([1, 2, 3, 4, 5].map(() => pool.query('INSERT INTO visit () VALUES ()')));

const connection = await pool.getConnection();
await connection.beginTransaction();
const [rows] = await connection.query<RowDataPacket[]>('SELECT COUNT(*) AS visits FROM visit');
await connection.commit();
connection.release();
console.log(`${rows[0]?.['visits']} visits`);

const { opened, closed } = lifeguard.stats();
console.log(`${opened} connections opened; closed, by reason:`, closed);
await pool.end();

/** What a platform does to a function between two requests: the whole process stands still. */
function freeze(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
