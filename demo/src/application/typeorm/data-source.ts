import mysql2 from 'mysql2';
import type { Pool, PoolOptions } from 'mysql2';
import { DataSource } from 'typeorm';
import { POOL_SIZE } from '../tweet-store.ts';
import type { DatabaseAddress } from '../tweet-store.ts';
import { Tweet } from './tweet.ts';

/** The application's data source; `onPool` is shown its pool before the first connection. */
export function tweetDatabase(
  { user: username, ...address }: DatabaseAddress,
  onPool: (pool: Pool) => void,
): DataSource {
  return new DataSource({
    type: 'mysql',
    ...address,
    username,
    entities: [Tweet],
    poolSize: POOL_SIZE,
    driver: driverThatShows(onPool),
  });
}

/** TypeORM takes a driver module by option: mysql2 itself, with a look at the pool it makes. */
function driverThatShows(onPool: (pool: Pool) => void): object {
  const createPool = (options: PoolOptions): Pool => {
    const pool = mysql2.createPool(options);
    onPool(pool);
    return pool;
  };
  return Object.assign(Object.create(mysql2) as object, { createPool });
}
