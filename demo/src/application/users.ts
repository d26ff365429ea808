import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryLog } from './query-log.ts';
import type { TweetStore } from './tweet-store.ts';

/** How many people use the application; twice as many as its pool has connections. */
export const USER_COUNT = 8;

/** How often every user comes, and how long he thinks in between. */
export interface Visit {
  readonly rounds: number;
  readonly everyMs: number;
}

/** People who read the newest tweets, and post one now and then. */
export class Users {
  readonly #queries: QueryLog;
  #posts = 0;

  constructor(queries: QueryLog) {
    this.#queries = queries;
  }

  /** All users come at once; each asks again when he has his answer and has thought about it. */
  async come(store: TweetStore, { rounds, everyMs }: Visit): Promise<void> {
    const visit = async (user: number): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) {
        if (round > 0) await sleep(everyMs + user * 7);
        await this.#ask(store, user, (user + round) % 4 === 1);
      }
    };
    await Promise.all(Array.from({ length: USER_COUNT }, (_, index) => visit(index + 1)));
  }

  #ask(store: TweetStore, user: number, posts: boolean): Promise<void> {
    const author = `user ${user}`;
    if (!posts) return this.#queries.ask(author, 'read', () => store.newest());
    this.#posts += 1;
    const text = `Tweet ${this.#posts} of this run`;
    return this.#queries.ask(author, 'post', () => store.post(author, text));
  }
}
