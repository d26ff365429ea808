import { guard, LifeguardSubscriber, lifeguardSubscriber } from '@pool-lifeguard/typeorm';
import { eachServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { stub, type SinonStub } from 'sinon';
import type { DataSource } from 'typeorm';
import { useDatabase, type MysqlOptions } from './support/database.ts';
import { poolOf } from './support/pool.ts';

const settings = { maxLifetime: '1h', poolName: 'tweets' };

describe('extra.lifeguard', () => {
  eachServer((server) => {
    const database = useDatabase(server);
    let consoleError: SinonStub;

    // mysql2 says there which of its options it does not know.
    beforeEach(() => {
      consoleError = stub(console, 'error');
    });

    afterEach(() => consoleError.restore());

    const passesNothingOn = (dataSource: DataSource): void => {
      expect(poolOf(dataSource).config.connectionConfig).not.to.have.property('lifeguard');
      expect(consoleError.args).to.deep.equal([]);
    };

    for (const lifeguard of [true, false, settings]) {
      it(`is not passed on to mysql2: ${JSON.stringify(lifeguard)}`, async () => {
        passesNothingOn(await database.dataSource({ extra: { lifeguard } }).initialize());
      });

      it(`is not passed on beside a subscriber: ${JSON.stringify(lifeguard)}`, async () => {
        const subscribers = [LifeguardSubscriber];
        passesNothingOn(
          await database.dataSource({ extra: { lifeguard }, subscribers }).initialize(),
        );
      });

      it(`is not passed on beside guard(): ${JSON.stringify(lifeguard)}`, async () => {
        const dataSource = database.dataSource({ extra: { lifeguard } });
        guard(dataSource);
        await dataSource.initialize();
        passesNothingOn(dataSource);
        await dataSource.destroy();
        await dataSource.initialize();
        passesNothingOn(dataSource);
      });
    }

    it('is not passed on to the nodes of a cluster', async () => {
      const { host, port, username, password, database: name, ...rest } = database.options();
      const node = { host, port, username, password, database: name } as const;
      const replication = { master: node, slaves: [node] };
      const options = { ...rest, replication, extra: { lifeguard: true } };
      const dataSource = await database.dataSource(options as Partial<MysqlOptions>).initialize();
      await dataSource.createQueryRunner('slave').query('SELECT 1');
      expect(consoleError.args).to.deep.equal([]);
    });

    it('leaves the rest of extra to mysql2', async () => {
      const extra = { lifeguard: true, connectTimeout: 4_321, enableKeepAlive: false };
      const dataSource = await database.dataSource({ extra }).initialize();
      const { connectionConfig } = poolOf(dataSource).config;
      expect(connectionConfig).to.include({ connectTimeout: 4_321, enableKeepAlive: false });
      passesNothingOn(dataSource);
    });

    for (const Subscriber of [
      undefined,
      LifeguardSubscriber,
      lifeguardSubscriber({ strict: false }),
    ]) {
      it(`is not changed, nor are the other options, with ${Subscriber?.name ?? 'guard()'}`, async () => {
        const extra = Object.freeze({ lifeguard: Object.freeze({ ...settings }) });
        const subscribers = Subscriber ? [Subscriber] : [];
        const given = Object.freeze({ extra, subscribers });
        const dataSource = database.dataSource(given);
        const options = { ...dataSource.options };
        if (!Subscriber) guard(dataSource);
        await dataSource.initialize();
        expect(dataSource.options).to.deep.equal(options);
        expect(dataSource.options).to.have.property('extra', extra);
        expect(dataSource.driver.options).to.have.property('extra', extra);
        expect(extra.lifeguard).to.deep.equal(settings);
      });
    }

    it('goes after the options that guard() is given', async () => {
      const dataSource = database.dataSource({ extra: { lifeguard: settings } });
      const lifeguard = guard(dataSource, { poolName: 'toots' });
      await dataSource.initialize();
      expect(lifeguard.stats()).to.include({ poolName: 'toots', mode: 'on' });
    });

    it('false: does nothing at all, whatever else is there', async () => {
      const subscribers = [LifeguardSubscriber];
      const dataSource = database.dataSource({ extra: { lifeguard: false }, subscribers });
      await dataSource.initialize();
      await dataSource.query('SELECT 1');
      expect(guard(dataSource).stats()).to.include({ mode: 'off', borrows: 0 });
      expect(Object.keys(poolOf(dataSource))).not.to.include.members(['getConnection']);
    });
  });
});
