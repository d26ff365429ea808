import { eachServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool, type PoolOptions } from 'mysql2';
import { guard, type Guard } from '../src/index.ts';
import { ask, askOne, borrow } from './support/calls.ts';
import { drop } from './support/same.ts';

describe('a connection that comes back inside an open transaction', () => {
  eachServer((server) => {
    let database: string;
    let pool: Pool;
    let handle: Guard;
    const warnings: string[] = [];

    const open = (options: PoolOptions = {}): void => {
      pool = createPool({
        ...{ ...server().connectionOptions(), database, connectionLimit: 1 },
        ...options,
      });
    };
    const openGuarded = (options: PoolOptions = {}): void => {
      open(options);
      const logger = { warn: (message: string): void => void warnings.push(message) };
      handle = guard(pool, { logger });
    };
    const leave = async (begin = 'START TRANSACTION'): Promise<void> => {
      const connection = await borrow(pool);
      await ask(connection, begin);
      await ask(connection, 'INSERT INTO notes VALUES (1)');
      connection.release();
    };
    const stored = (): Promise<unknown> =>
      server().query(`SELECT COUNT(*) AS rows_stored FROM ${database}.notes`);
    const storedAfterNext = async (): Promise<unknown> => {
      await ask(pool, 'COMMIT');
      return stored();
    };

    beforeEach(async () => {
      warnings.length = 0;
      database = await server().createDatabase('notes');
      await server().query(`CREATE TABLE ${database}.notes (n INT) ENGINE = InnoDB`);
    });
    afterEach(async () => {
      drop(pool);
      await server().dropDatabase(database);
    });

    it('leaves the transaction to the next borrower bare, who commits what is not his', async () => {
      open();
      await leave();
      expect(await storedAfterNext()).to.deep.equal([{ rows_stored: 1 }]);
    });

    for (const begin of ['START TRANSACTION', 'BEGIN', 'SET autocommit = 0']) {
      it(`is rolled back guarded, and that is reported: ${begin}`, async () => {
        openGuarded();
        await leave(begin);
        expect(await storedAfterNext()).to.deep.equal([{ rows_stored: 0 }]);
        expect(handle.stats()).to.deep.include({ opened: 1, closed: {} });
        expect(handle.stats().rollbacks).to.be.at.least(1);
        expect(warnings.length).to.equal(1);
        expect(warnings[0]).to.include('released inside an open transaction');
      });
    }

    it('is rolled back before those get it who wait in line', async () => {
      openGuarded();
      const leaving = leave();
      const waiting = storedAfterNext();
      await leaving;
      expect(await waiting).to.deep.equal([{ rows_stored: 0 }]);
    });

    it('is closed when its rollback is refused, as that of an XA transaction is', async () => {
      openGuarded();
      await leave("XA START 'left'");
      expect(await askOne(pool, 'SELECT 1')).to.equal(1);
      expect(handle.stats()).to.deep.include({ opened: 2, closed: { 'reset-failed': 1 } });
      expect(await stored()).to.deep.equal([{ rows_stored: 0 }]);
    });

    it('is not what a transaction leaves that has ended', async () => {
      openGuarded();
      for (const end of ['COMMIT', 'ROLLBACK']) {
        const connection = await borrow(pool);
        await ask(connection, 'BEGIN');
        await ask(connection, 'INSERT INTO notes VALUES (1)');
        await ask(connection, 'SELECT * FROM notes');
        await new Promise<void>((resolve) => {
          connection.query(end, () => {
            connection.release();
            resolve();
          });
        });
      }
      expect(await stored()).to.deep.equal([{ rows_stored: 1 }]);
      expect(handle.stats()).to.include({ rollbacks: 0, opened: 1 });
      expect(warnings).to.deep.equal([]);
    });

    it('is reset where the pool is configured to, which rolls back too', async () => {
      openGuarded({ resetOnRelease: true });
      await leave();
      expect(await storedAfterNext()).to.deep.equal([{ rows_stored: 0 }]);
      expect(handle.stats()).to.include({ rollbacks: 1, opened: 1 });
    });
  });
});
