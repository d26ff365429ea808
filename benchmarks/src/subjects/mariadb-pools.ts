import { guard } from '@pool-lifeguard/mariadb';
import { createPool, type Pool } from 'mariadb';
import { POOL_SIZE, settled, type Address, type Contestants } from './contestants.ts';

/** Opens two promise pools of mariadb, fills them and lets the guarded one come to rest. */
export async function openMariadbPools(server: Address): Promise<Contestants<Pool>> {
  const bare = createPool(mariadbOptions(server));
  const guarded = createPool(mariadbOptions(server));
  const handle = guard(guarded);
  const rest = settled(handle);
  await fill(bare);
  await fill(guarded);
  await rest;
  const close = async (): Promise<void> => {
    await Promise.all([bare.end(), guarded.end()]);
  };
  return { sides: { bare, guarded }, guard: handle, close };
}

/** The options of a pool, which Prisma's driver adapter takes too. */
export function mariadbOptions(server: Address) {
  return {
    ...server.connectionOptions(),
    connectionLimit: POOL_SIZE,
    // MySQL's way to authenticate without TLS.
    allowPublicKeyRetrieval: true,
  };
}

async function fill(pool: Pool): Promise<void> {
  const borrows = Array.from({ length: POOL_SIZE }, () => pool.getConnection());
  const connections = await Promise.all(borrows);
  await Promise.all(connections.map((connection) => connection.release()));
}
