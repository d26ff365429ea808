import { guard } from '@pool-lifeguard/mysql2';
import { createPool, type Pool, type PoolConnection } from 'mysql2';
import { POOL_SIZE, settled, type Address, type Contestants } from './contestants.ts';

/** Opens two pools of mysql2, fills them and lets the guarded one come to rest. */
export async function openMysql2Pools(server: Address): Promise<Contestants<Pool>> {
  const options = { ...server.connectionOptions(), connectionLimit: POOL_SIZE };
  const bare = createPool(options);
  const guarded = createPool(options);
  const handle = guard(guarded);
  const rest = settled(handle);
  await fill(bare);
  await fill(guarded);
  await rest;
  const close = async (): Promise<void> => {
    await Promise.all([bare.promise().end(), guarded.promise().end()]);
  };
  return { sides: { bare, guarded }, guard: handle, close };
}

async function fill(pool: Pool): Promise<void> {
  const connections = await Promise.all(Array.from({ length: POOL_SIZE }, () => borrow(pool)));
  for (const connection of connections) connection.release();
}

function borrow(pool: Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
  });
}
