import type { EventEmitter } from 'node:events';
import { guard } from '@pool-lifeguard/prisma';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { createPool } from 'mariadb';
import type { Pool } from 'mariadb';
import { PrismaClient } from '../../../generated/client.ts';
import { POOL_SIZE } from '../tweet-store.ts';
import type { StoreOptions, TweetStore } from '../tweet-store.ts';

/** The application on Prisma. */
export function prismaStore(options: StoreOptions): TweetStore {
  const pool = openPool(options);
  const adapter = new PrismaMariaDb(pool, { disposeExternalPool: true });
  const prisma = new PrismaClient({ adapter, errorFormat: 'minimal' });
  return {
    async migrate() {
      await prisma.$executeRaw`
        CREATE TABLE tweet (
          id INT AUTO_INCREMENT PRIMARY KEY,
          author VARCHAR(40) NOT NULL,
          text VARCHAR(280) NOT NULL
        )`;
      await prisma.$disconnect();
    },
    guard: () => guard(adapter).lifeguard,
    async open() {
      await prisma.$connect();
      const connections = Array.from({ length: POOL_SIZE }, () => pool.getConnection());
      for (const connection of await Promise.all(connections)) await connection.release();
    },
    close: () => prisma.$disconnect(),
    newest: () => prisma.tweet.findMany({ orderBy: { id: 'desc' }, take: 10 }),
    post: (author, text) => prisma.tweet.create({ data: { author, text } }),
  };
}

/** As Prisma's adapter makes it from an address, but seen from its first connection on. */
function openPool({ address, sessionWaitTimeout, onPool }: StoreOptions): Pool {
  const pool = createPool({
    ...address,
    connectionLimit: POOL_SIZE,
    prepareCacheLength: 0,
    // For MySQL without TLS.
    allowPublicKeyRetrieval: true,
    ...(sessionWaitTimeout !== undefined && {
      sessionVariables: { wait_timeout: sessionWaitTimeout },
    }),
  });
  onPool?.(pool as unknown as EventEmitter);
  return pool;
}
