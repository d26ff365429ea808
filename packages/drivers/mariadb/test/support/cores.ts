import type { EventEmitter } from 'node:events';
import type { Pool, PoolConnection } from 'mariadb';
import type { Connection } from '../../src/mariadb-shapes.ts';

/** A lease, and the inner connection behind its wrapper. */
export interface Lease {
  readonly wrapper: PoolConnection;
  readonly core: Connection;
}

/** Borrows a connection and learns from the pool's event which one it is. */
export async function borrow(pool: Pool): Promise<Lease> {
  let core: Connection | undefined;
  const told = (connection: Connection): void => {
    core = connection;
  };
  const emitter = pool as unknown as EventEmitter;
  emitter.on('acquire', told);
  try {
    const wrapper = await pool.getConnection();
    if (!core) throw new Error('the pool did not tell which connection it lent');
    return { wrapper, core };
  } finally {
    emitter.removeListener('acquire', told);
  }
}
