import { guard } from '@pool-lifeguard/mariadb';
import { createPool, type Pool, type PoolConfig } from 'mariadb';
import { POOL_SIZE, settle, type Address, type Opened, type Opening } from './opened.ts';

/** Opens a promise pool of mariadb. */
export async function openMariadbPool(
  { server, guarding, size = POOL_SIZE }: Opening,
  extra: PoolConfig = {},
): Promise<Opened<Pool>> {
  const pool = createPool({ ...mariadbOptions(server), connectionLimit: size, ...extra });
  const handle = guarding && guard(pool, guarding);
  await settle(handle, size, () => fill(pool, size));
  return { subject: pool, guard: handle, close: () => pool.end() };
}

/** How mariadb, and Prisma's driver adapter with it, reaches a server. */
export function mariadbOptions(server: Address) {
  return {
    ...server.connectionOptions(),
    // MySQL's way to authenticate without TLS.
    allowPublicKeyRetrieval: true,
  };
}

async function fill(pool: Pool, size: number): Promise<void> {
  const borrows = Array.from({ length: size }, () => pool.getConnection());
  const connections = await Promise.all(borrows);
  await Promise.all(connections.map((connection) => connection.release()));
}
