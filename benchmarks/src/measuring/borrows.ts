import type { Pool, PoolConnection } from 'mysql2';

/** Borrows and releases so many times, and tells when the last connection is back. */
export type Borrowing = (pool: Pool, count: number, done: (error: Error | null) => void) => void;

/**
 * Borrows each time in the callback of the borrow before: no I/O, no promise, nothing but the pool's
 * own work and what stands in front of it.
 */
export const borrows: Borrowing = (pool, count, done) => {
  let left = count;
  const borrowed = (error: Error | null, connection: PoolConnection): void => {
    if (error) return done(error);
    connection.release();
    if (--left > 0) pool.getConnection(borrowed);
    else done(null);
  };
  pool.getConnection(borrowed);
};

/**
 * Has so many callers borrow at once: whoever is served asks again, at the end of the line, before he
 * releases. With more callers than connections the others always wait.
 */
export function borrowsOf(callers: number): Borrowing {
  return (pool, count, done) => {
    let toAsk = count;
    let left = count;
    let early: PoolConnection[] | undefined = [];
    const ask = (): void => {
      toAsk--;
      pool.getConnection(borrowed);
    };
    const borrowed = (error: Error | null, connection: PoolConnection): void => {
      if (error) return done(error);
      if (early) return void early.push(connection);
      if (toAsk > 0) ask();
      connection.release();
      if (--left === 0) done(null);
    };
    for (let asked = Math.min(callers, count); asked > 0; asked--) ask();
    // Nobody releases before all stand in line.
    setImmediate(() => {
      const lent = early ?? [];
      early = undefined;
      for (const connection of lent) borrowed(null, connection);
    });
  };
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
