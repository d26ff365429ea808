import { guard } from '@pool-lifeguard/mysql2';
import { createPool, type Pool, type PoolConnection } from 'mysql2';
import { POOL_SIZE, settle, type Opened, type Opening } from './opened.ts';

/** More of them would wait so long for a busy server that they time out. */
const DIALS_AT_ONCE = 50;

/** Opens a pool of mysql2. */
export async function openMysql2Pool(opening: Opening): Promise<Opened<Pool>> {
  const { server, guarding, size = POOL_SIZE } = opening;
  const pool = createPool({ ...server.connectionOptions(), connectionLimit: size });
  const handle = guarding && guard(pool, guarding);
  await settle(handle, size, () => fill(pool, size));
  return { subject: pool, guard: handle, close: () => pool.promise().end() };
}

async function fill(pool: Pool, size: number): Promise<void> {
  const connections: PoolConnection[] = [];
  while (connections.length < size) {
    const length = Math.min(DIALS_AT_ONCE, size - connections.length);
    connections.push(...(await Promise.all(Array.from({ length }, () => borrow(pool)))));
  }
  for (const connection of connections) connection.release();
}

function borrow(pool: Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
  });
}
