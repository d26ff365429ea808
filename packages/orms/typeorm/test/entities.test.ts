import { guard } from '@pool-lifeguard/typeorm';
import { eachServer, useProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource, Repository } from 'typeorm';
import { AddMutes1700000000000, Tweet, User } from './fixtures/tweets.ts';
import { useDatabase } from './support/database.ts';
import { allIdle } from './support/pool.ts';
import { ask } from './support/runner.ts';
import { ALERT } from './support/stale.ts';

describe('entities, while connections are lost between any two steps', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);
    let dataSource: DataSource;
    let users: Repository<User>;
    let tweets: Repository<Tweet>;

    /** Everything that was opened so far is gone, and only a ping can tell. */
    const lose = (): void => proxy().forget('existing');

    beforeEach(async () => {
      const migrations = [AddMutes1700000000000];
      const options = { port: proxy().port, entities: [User, Tweet], migrations };
      dataSource = await database.dataSource(options).initialize();
      guard(dataSource, ALERT);
      users = dataSource.getRepository(User);
      tweets = dataSource.getRepository(Tweet);
      lose();
      await dataSource.synchronize(true);
      lose();
    });

    afterEach(async () => {
      await dataSource.query('DROP TABLE IF EXISTS mute, migrations');
      await allIdle(dataSource);
    });

    const post = async (name: string, ...texts: string[]): Promise<User> => {
      const author = await users.save({ name });
      lose();
      for (const text of texts) await tweets.save({ text, author });
      lose();
      return author;
    };

    it('are saved, found, changed and removed', async () => {
      const author = await post('ada', 'first', 'second');
      expect(await tweets.countBy({ author })).to.equal(2);
      lose();
      const found = await users.findOneOrFail({
        where: { name: 'ada' },
        relations: { tweets: true },
      });
      expect(found.tweets.map(({ text }) => text).toSorted()).to.deep.equal(['first', 'second']);
      lose();
      const changed = await tweets.save(Object.assign(found.tweets[0]!, { text: 'changed' }));
      lose();
      expect(await tweets.findOneBy({ id: changed.id })).to.include({ text: 'changed' });
      lose();
      await tweets.delete(changed.id);
      expect(await tweets.count()).to.equal(1);
    });

    it('are written exactly once', async () => {
      const author = await post('ada');
      for (let text = 0; text < 10; text += 1) {
        lose();
        await tweets.insert({ text: `${text}`, author });
      }
      const texts = (await tweets.find({ order: { id: 'ASC' } })).map(({ text }) => text);
      expect(texts).to.deep.equal(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    });

    it('are found by a query builder', async () => {
      await post('ada', 'first', 'second', 'third');
      const query = tweets.createQueryBuilder('tweet').leftJoin('tweet.author', 'author');
      const found = query.where('author.name = :name', { name: 'ada' }).orderBy('tweet.id');
      expect(await found.getCount()).to.equal(3);
      lose();
      expect((await found.take(2).getMany()).map(({ text }) => text)).to.deep.equal([
        'first',
        'second',
      ]);
      lose();
      const update = tweets.createQueryBuilder().update({ text: 'same' }).where('id > 0');
      expect((await update.execute()).affected).to.equal(3);
    });

    it('are streamed by a query builder', async () => {
      await post('ada', 'first', 'second', 'third');
      const stream = await tweets.createQueryBuilder('tweet').orderBy('tweet.id').stream();
      const texts: unknown[] = [];
      for await (const row of stream) texts.push((row as { tweet_text: unknown }).tweet_text);
      expect(texts).to.deep.equal(['first', 'second', 'third']);
    });

    it('are streamed by a query builder on a held runner', async () => {
      await post('ada', 'first');
      const runner = dataSource.createQueryRunner();
      await runner.query('SELECT 1');
      lose();
      const query = tweets.createQueryBuilder('tweet', runner);
      const rows: unknown[] = [];
      for await (const row of await query.stream()) rows.push(row);
      await runner.release();
      expect(rows).to.have.nested.property('[0].tweet_text', 'first');
    });

    it('are saved in a transaction', async () => {
      lose();
      await dataSource.transaction(async (manager) => {
        const author = await manager.save(User, { name: 'ada' });
        await manager.save(Tweet, { text: 'first', author });
      });
      lose();
      expect(await tweets.count()).to.equal(1);
    });

    it('are changed by migrations', async () => {
      const up = await dataSource.runMigrations();
      expect(up.map(({ name }) => name)).to.deep.equal(['AddMutes1700000000000']);
      lose();
      expect(await ask(dataSource, 'SELECT id FROM mute')).to.deep.equal([{ id: 1 }]);
      lose();
      expect(await dataSource.showMigrations()).to.equal(false);
      lose();
      await dataSource.undoLastMigration();
      lose();
      expect(await dataSource.showMigrations()).to.equal(true);
    });

    it('fail with the same errors as ever', async () => {
      await post('ada');
      const error = await users.insert({ name: 'ada' }).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      expect(error).to.include({ name: 'QueryFailedError', code: 'ER_DUP_ENTRY', errno: 1062 });
      expect(error).to.have.nested.property('driverError.code', 'ER_DUP_ENTRY');
      expect(error).to.have.property('parameters').that.includes('ada');
      lose();
      expect(await users.count()).to.equal(1);
    });
  });
});
