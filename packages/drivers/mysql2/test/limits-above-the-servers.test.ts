import { eachServer, failureOf, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mysql2';
import { guard, LifeguardError, type Guard, type LifeguardOptions } from '../src/index.ts';
import { ask, askOne, borrow, borrowAll } from './support/calls.ts';
import { drop } from './support/same.ts';

const WAIT_TIMEOUT_S = 100;

describe("limits at or above the server's wait_timeout", () => {
  eachServer((server) => {
    let pool: Pool;
    let handle: Guard;
    let said: string[];
    const open = (lifeguard: LifeguardOptions): void => {
      pool = createPool({ ...server().connectionOptions(), connectionLimit: 3 });
      said = [];
      const logger = { warn: (message: string): void => void said.push(message) };
      handle = guard(pool, { logger, poolName: 'tweets', ...lifeguard });
    };
    before('shorten it', () => server().setGlobal('wait_timeout', WAIT_TIMEOUT_S));
    afterEach(() => drop(pool));

    for (const option of ['idleTimeout', 'maxLifetime'] as const) {
      it(`${option}: one warning names both numbers, and a shorter one is used`, async () => {
        open({ [option]: '5m' });
        const limits: number[] = [];
        handle.on('limitRead', ({ idleTimeoutMs }) => limits.push(idleTimeoutMs));
        for (const connection of await borrowAll(pool, 3)) connection.release();
        await waitUntil(() => limits.length === 3);
        expect(said.length).to.equal(1);
        expect(said[0]).to.include('tweets').and.include(`"${option}" is 300000 ms`);
        expect(said[0]).to.include('100000 ms').and.include('90000 ms is used instead');
        for (const limit of limits) expect(limit).to.be.within(0.9 * 90_000, 90_000);
        expect(await askOne(pool, 'SELECT 1')).to.equal(1);
      });

      it(`${option}, strict: borrows are rejected with both numbers`, async () => {
        open({ [option]: '100s', strict: true });
        const errors = await Promise.all([1, 2, 3, 4].map(() => failureOf(ask(pool, 'SELECT 1'))));
        for (const error of [...errors, await failureOf(borrow(pool))]) {
          expect(error).to.be.instanceOf(LifeguardError);
          expect(error.code).to.equal('LIFEGUARD_LIMIT_ABOVE_SERVER');
          expect(error.message).to.include(`"${option}" is 100000 ms`).and.include('at most 90000');
        }
        expect(said).to.deep.equal([]);
        handle.undo();
        expect(await askOne(pool, 'SELECT 1')).to.equal(1);
      });

      it(`${option} below it, strict: nothing is said, and nothing is rejected`, async () => {
        open({ [option]: '80s', strict: true });
        expect(await askOne(pool, 'SELECT 1')).to.equal(1);
        expect(handle.stats()).to.include({ waitTimeoutMs: 100_000, opened: 1 });
        expect(said).to.deep.equal([]);
      });
    }

    it('that nobody set are no fault, strict or not', async () => {
      open({ strict: true });
      expect(await askOne(pool, 'SELECT 1')).to.equal(1);
      await waitUntil(() => handle.stats().waitTimeoutMs);
      expect(await askOne(pool, 'SELECT 2')).to.equal(2);
      expect(said).to.deep.equal([]);
    });

    it('are said by process.emitWarning where there is no logger, and not at all with false', async () => {
      const heard: Error[] = [];
      const note = (warning: Error): void => void heard.push(warning);
      process.on('warning', note);
      for (const logger of [false, undefined] as const) {
        pool = createPool(server().connectionOptions());
        handle = guard(pool, { idleTimeout: '1h', ...(logger === false ? { logger } : {}) });
        await ask(pool, 'DO 1');
        await waitUntil(() => handle.stats().waitTimeoutMs);
        drop(pool);
      }
      await waitUntil(() => heard.length > 0);
      process.off('warning', note);
      expect(heard.map(({ name }) => name)).to.deep.equal(['LifeguardWarning']);
      expect(heard[0]?.message).to.include('3600000 ms').and.include('90000 ms');
    });
  });
});
