import { eachServer, useProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { guard, lifeguard } from '../src/index.ts';
import { useDatabase } from './support/database.ts';
import { ALERT, tweet, UNCHECKED } from './support/stale.ts';
import type { Client } from './support/versions.ts';

describe('the extension beside other extensions', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);
    let prisma: Client;

    beforeEach(() => {
      const config = { port: proxy().port, connectionLimit: 1, ...UNCHECKED };
      prisma = database.client(database.adapter(config));
    });

    const shout = (client: Client) =>
      client.$extends({
        query: {
          tweet: { create: ({ args, query }) => query({ data: { ...args.data, author: 'ADA' } }) },
        },
        result: { tweet: { loud: { needs: { text: true }, compute: ({ text }) => `${text}!` } } },
        model: { tweet: { kind: () => 'tweet' } },
        client: { $hello: () => 'hello' },
      });

    const orders: Readonly<Record<string, () => ReturnType<typeof shout>>> = {
      before: () => shout(prisma.$extends(lifeguard(ALERT)) as unknown as Client),
      after: () => shout(prisma).$extends(lifeguard(ALERT)),
    };

    for (const [order, extend] of Object.entries(orders)) {
      it(`guards, and lets the others do their work: ${order} them`, async () => {
        const extended = extend();
        await extended.tweet.count();
        proxy().forget('existing');
        const made = await extended.tweet.create({ data: tweet('first') });
        expect(made).to.include({ author: 'ADA', text: 'first', loud: 'first!' });
        expect([extended.$hello(), extended.tweet.kind()]).to.deep.equal(['hello', 'tweet']);
      });

      it(`guards interactive transactions: ${order} them`, async () => {
        const extended = extend();
        await extended.tweet.count();
        proxy().forget('existing');
        const made = await extended.$transaction((tx) => tx.tweet.create({ data: tweet('first') }));
        expect(made).to.include({ author: 'ADA', loud: 'first!' });
      });
    }

    it('shows the guard on the extended client, and on those that are extended from it', () => {
      const extended = prisma.$extends(lifeguard());
      const further = extended.$extends({ name: 'further' });
      expect(extended.$lifeguard.stats()).to.include({ mode: 'on', borrows: 0 });
      expect(further.$lifeguard).to.equal(extended.$lifeguard);
    });

    it('finds the guard that is there, however often it is asked for', async () => {
      const adapter = guard(database.adapter({ connectionLimit: 1 }));
      const client = database.client(adapter);
      await client.tweet.count();
      const first = client.$extends(lifeguard());
      const second = first.$extends(lifeguard());
      expect(first.$lifeguard).to.equal(adapter.lifeguard);
      expect(second.$lifeguard).to.equal(adapter.lifeguard);
      expect(guard(adapter)).to.equal(adapter);
      const { borrows } = adapter.lifeguard.stats();
      await second.tweet.count();
      expect(adapter.lifeguard.stats().borrows).to.equal(borrows + 1);
    });
  });
});
