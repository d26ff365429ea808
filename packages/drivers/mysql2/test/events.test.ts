import {
  eachServer,
  failureOf,
  startProxy,
  waitUntil,
  type FaultProxy,
} from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mysql2';
import { guard, type Events, type Guard, type LifeguardOptions } from '../src/index.ts';
import { ask, borrow, borrowAll } from './support/calls.ts';
import { drop } from './support/same.ts';

/** Every event of a guard, so that none is forgotten here. */
const ALL: Readonly<Record<keyof Events, true>> = {
  verdict: true,
  validated: true,
  opened: true,
  openFailed: true,
  closed: true,
  timeout: true,
  failure: true,
  retried: true,
  rolledBack: true,
  leakSuspected: true,
  leakReturned: true,
  idleInTransaction: true,
  suspended: true,
  moved: true,
  lost: true,
  limitRead: true,
  limitLearned: true,
  warning: true,
};

type Heard = { [Name in keyof Events]: (Events[Name] & { readonly poolName: string })[] };

describe("a guard's events", () => {
  eachServer((server) => {
    let proxy: FaultProxy;
    let pool: Pool;
    let handle: Guard;
    let heard: Heard;
    const open = (lifeguard: LifeguardOptions = {}): void => {
      const { port } = proxy;
      pool = createPool({ ...server().connectionOptions(), port, connectionLimit: 2 });
      handle = guard(pool, { poolName: 'tweets', logger: false, ...lifeguard });
      const lists = Object.keys(ALL).map((name) => [name, []]);
      heard = Object.fromEntries(lists) as Heard;
      for (const name of Object.keys(ALL) as (keyof Events)[]) {
        handle.on(name, (event) => heard[name].push(event as never));
      }
    };
    beforeEach(async () => (proxy = await startProxy(server())));
    afterEach(async () => {
      drop(pool);
      await proxy.stop();
    });

    it('opened: how old it is, and how long it took', async () => {
      open();
      for (const connection of await borrowAll(pool, 2)) connection.release();
      expect(heard.opened.map(({ connection }) => connection.id)).to.deep.equal([1, 2]);
      const [first] = heard.opened;
      expect(first?.poolName).to.equal('tweets');
      expect(first?.durationMs).to.be.greaterThan(0);
      expect(first?.connection).to.have.all.keys('id', 'ageMs', 'idleMs', 'silentMs');
      expect(first?.connection.ageMs).to.be.at.least(0);
    });

    it('openFailed and timeout: the error, the pause, and the last cause', async () => {
      open({ connectionTimeout: 500 });
      await proxy.refuse();
      const error = await failureOf(borrow(pool));
      const [first] = heard.openFailed;
      expect(first?.error).to.include({ code: 'ECONNREFUSED' });
      expect(first?.backoffMs).to.be.within(12, 25);
      expect(heard.timeout.length).to.equal(1);
      expect(heard.timeout[0]?.waitedMs).to.be.at.least(499);
      expect(heard.timeout[0]?.cause).to.equal(error.cause);
      expect(heard.openFailed.map((failed) => failed.error)).to.include(error.cause);
    });

    it('verdict and validated: what was said of which connection, and what came of it', async () => {
      open({ aliveBypassWindow: 0 });
      await ask(pool, 'DO 1');
      expect(heard.verdict).to.deep.equal([]);
      await ask(pool, 'DO 1');
      expect(heard.verdict[0]).to.deep.include({ verdict: 'look', observed: false });
      expect(heard.validated[0]).to.deep.include({ by: 'look', healthy: true });
      expect(heard.validated[0]?.connection.id).to.equal(heard.verdict[0]?.connection.id);
    });

    it('closed: each reason, once per connection', async () => {
      open();
      const [poisoned, removed] = await borrowAll(pool, 2);
      await failureOf(ask(poisoned ?? pool, "SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1153"));
      poisoned?.release();
      removed?.destroy();
      await ask(pool, 'DO 1');
      handle.evictAll();
      await ask(pool, 'DO 1');
      proxy.reset();
      await waitUntil(() => heard.closed.length === 4);
      const told = heard.closed.map(({ connection, reason }) => [connection.id, reason]);
      expect(told).to.deep.equal([
        ...[
          [1, 'poisoned'],
          [2, 'removed'],
        ],
        ...[
          [3, 'generation'],
          [4, 'closed'],
        ],
      ]);
    });

    it('failure: how far an error on a lease reaches', async () => {
      open();
      const connection = await borrow(pool);
      const error = await failureOf(
        ask(connection, "SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1053"),
      );
      await failureOf(ask(connection, 'nonsense'));
      expect(heard.failure.length).to.equal(1);
      expect(heard.failure[0]).to.include({ scope: 'generation', executed: 'unknown', error });
    });

    it('limitRead: what the server says, and what follows from it', async () => {
      open();
      await server().setGlobal('wait_timeout', 1000);
      await ask(pool, 'DO 1');
      await waitUntil(() => heard.limitRead.length > 0);
      await server().restoreGlobals();
      const [read] = heard.limitRead;
      expect(read?.waitTimeoutMs).to.equal(1_000_000);
      expect(read?.idleTimeoutMs).to.be.within(0.9 * 970_000, 970_000);
    });

    it('limitLearned: what follows from a close at an idle age', async () => {
      open();
      await ask(pool, 'DO 1');
      proxy.limitIdle(1_500);
      await waitUntil(() => heard.limitLearned.length > 0);
      const [learned] = heard.limitLearned;
      expect(learned?.connection.idleMs).to.be.at.least(1_400);
      expect(learned?.idleTimeoutMs).to.be.below(learned?.connection.idleMs ?? 0);
    });

    it('warning: each distinct one once', async () => {
      open({ idleTimeout: '2d' });
      for (const connection of await borrowAll(pool, 2)) connection.release();
      await waitUntil(() => heard.limitRead.length === 2);
      expect(heard.warning.length).to.equal(1);
      expect(heard.warning[0]?.message).to.include('172800000').and.include('28800000');
    });

    it('come to the callbacks of the option `on` and to listeners, until these are taken off', async () => {
      const early: string[] = [];
      open({ on: { opened: ({ poolName }) => early.push(poolName) } });
      const late: number[] = [];
      const off = handle.on('opened', ({ connection }) => late.push(connection.id));
      const [one] = await borrowAll(pool, 1);
      off();
      off();
      await borrow(pool);
      one?.release();
      expect(early).to.deep.equal(['tweets', 'tweets']);
      expect(late).to.deep.equal([1]);
      expect(heard.opened.length).to.equal(2);
    });

    it('that a listener throws at harm nobody, and are warned of', async () => {
      const warnings: Error[] = [];
      const note = (warning: Error): void => void warnings.push(warning);
      process.on('warning', note);
      open({ aliveBypassWindow: 0 });
      for (const name of Object.keys(ALL) as (keyof Events)[]) {
        handle.on(name, () => {
          throw new Error(`at ${name}`);
        });
      }
      for (let round = 0; round < 2; round += 1) await ask(pool, 'DO 1');
      await waitUntil(() => warnings.some(({ message }) => message.includes('at validated')));
      process.off('warning', note);
      expect(warnings.every(({ name }) => name === 'LifeguardWarning')).to.equal(true);
      expect(heard.validated.length).to.equal(1);
      await waitUntil(() => handle.stats().validating === 0);
      expect(handle.stats()).to.include({ borrows: 2, looks: 1, idle: 1, lent: 0, pending: 0 });
    });
  });
});
