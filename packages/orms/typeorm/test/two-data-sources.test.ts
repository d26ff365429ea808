import { guard } from '@pool-lifeguard/typeorm';
import { eachServer, useProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { useDatabase } from './support/database.ts';
import { ALERT, ALL, NONE, survival } from './support/stale.ts';

describe('two data sources', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);
    const otherProxy = useProxy(server);
    let one: DataSource;
    let other: DataSource;

    beforeEach(async () => {
      one = await database.dataSource({ port: proxy().port }).initialize();
      other = await database.dataSource({ port: otherProxy().port }).initialize();
    });

    it('have guards, counters and connections of their own', async () => {
      const [first, second] = [
        guard(one, { poolName: 'one' }),
        guard(other, { poolName: 'other' }),
      ];
      await one.query('SELECT 1');
      expect(first.stats()).to.include({ poolName: 'one', borrows: 1, total: 1 });
      expect(second.stats()).to.include({ poolName: 'other', borrows: 0, total: 1 });
      first.evictAll();
      expect(first.stats()).to.include({ total: 0 });
      expect(second.stats()).to.include({ total: 1 });
    });

    it('can be guarded and undone one without the other', async () => {
      guard(one, ALERT);
      expect(await survival(one, proxy())).to.deep.equal(ALL);
      expect(await survival(other, otherProxy())).to.deep.equal(NONE);
      guard(other, ALERT);
      guard(one).undo();
      expect(await survival(one, proxy())).to.deep.equal(NONE);
      expect(await survival(other, otherProxy())).to.deep.equal(ALL);
    });

    it('can be destroyed one without the other', async () => {
      guard(one, ALERT);
      guard(other, ALERT);
      await one.destroy();
      expect(await survival(other, otherProxy())).to.deep.equal(ALL);
      await one.initialize();
      expect(await survival(one, proxy())).to.deep.equal(ALL);
    });
  });
});
