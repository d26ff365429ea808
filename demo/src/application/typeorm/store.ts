import 'reflect-metadata';
import { guard } from '@pool-lifeguard/typeorm';
import { POOL_SIZE } from '../tweet-store.ts';
import type { HeldConnection, StoreOptions, TweetStore } from '../tweet-store.ts';
import { tweetDatabase } from './data-source.ts';
import { Tweet } from './tweet.ts';

/** The application on TypeORM. */
export function typeormStore({ address, sessionWaitTimeout, onPool }: StoreOptions): TweetStore {
  const dataSource = tweetDatabase(address, (pool) => {
    onPool?.(pool);
    if (sessionWaitTimeout === undefined) return;
    pool.on('connection', (connection) => {
      connection.query(`SET SESSION wait_timeout = ${sessionWaitTimeout}`);
    });
  });
  return {
    async migrate() {
      await dataSource.initialize();
      await dataSource.synchronize();
      await dataSource.destroy();
    },
    guard: () => guard(dataSource),
    async open() {
      await dataSource.initialize();
      const runners = Array.from({ length: POOL_SIZE }, () => dataSource.createQueryRunner());
      await Promise.all(runners.map((runner) => runner.connect()));
      await Promise.all(runners.map((runner) => runner.release()));
    },
    close: () => dataSource.destroy(),
    newest: () => dataSource.getRepository(Tweet).find({ order: { id: 'DESC' }, take: 10 }),
    post(author, text) {
      const tweets = dataSource.getRepository(Tweet);
      return tweets.save(tweets.create({ author, text }));
    },
    hold(): HeldConnection {
      const runner = dataSource.createQueryRunner();
      return {
        count: () => runner.query('SELECT COUNT(*) AS tweets FROM tweet'),
        id: async () => ((await runner.connect()) as { threadId: number }).threadId,
        release: () => runner.release(),
      };
    },
  };
}
