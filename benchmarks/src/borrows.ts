import type { Pool, PoolConnection } from 'mysql2';

/**
 * Borrows and releases `count` times, each time in the callback of the borrow before: no I/O, no
 * promise, nothing but the pool's own work and what stands in front of it.
 */
export function borrows(pool: Pool, count: number, done: (error: Error | null) => void): void {
  let left = count;
  const borrowed = (error: Error | null, connection: PoolConnection): void => {
    if (error) return done(error);
    connection.release();
    if (--left > 0) pool.getConnection(borrowed);
    else done(null);
  };
  pool.getConnection(borrowed);
}

/**
 * Has the connection that the next borrow gets answer two statements: the first may come after a
 * rest, and who was silent for long before its last word is looked at.
 */
export async function used(pool: Pool): Promise<void> {
  await answered(pool);
  await answered(pool);
}

function answered(pool: Pool): Promise<void> {
  return new Promise((resolve, reject) => {
    pool.query('SELECT 1', (error) => (error ? reject(error) : resolve()));
  });
}
