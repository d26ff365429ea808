import { eachServer, failureOf, startProxy, type FaultProxy } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool, type PoolOptions } from 'mysql2';
import { guard, LifeguardError } from '../src/index.ts';
import { ask, askOne, borrow } from './support/calls.ts';
import { countDials } from './support/dials.ts';
import { drop, parityOn, type Setting } from './support/same.ts';

const BORROWERS = 20;
const USER = 'lifeguard_dialer';

describe('dials that cannot succeed', () => {
  eachServer((server) => {
    const { better } = parityOn(server);

    before('create a user', async () => {
      await server().query(`CREATE USER ${USER}@'%' IDENTIFIED BY 'right'`);
      await server().query(`GRANT SELECT ON mysql.* TO ${USER}@'%'`);
    });
    after('drop the user', () => server().query(`DROP USER ${USER}@'%'`));

    const hopeless: Readonly<Record<string, [setting: Setting, code: string]>> = {
      'a wrong password': [{ user: USER, password: 'wrong' }, 'ER_ACCESS_DENIED_ERROR'],
      'an unknown user': [{ user: 'nobody', password: 'x' }, 'ER_ACCESS_DENIED_ERROR'],
      'an unknown database': [{ database: 'no_such_database' }, 'ER_BAD_DB_ERROR'],
      'a forbidden database': [
        { user: USER, password: 'right', database: 'sys' },
        'ER_DBACCESS_DENIED_ERROR',
      ],
    };

    for (const [what, [setting, code]] of Object.entries(hopeless)) {
      better(
        `for ${what} give everybody the same error, and no more dials than bare`,
        () => ({ ...countedAt(server().connectionOptions(), setting), lifeguard: {} }),
        async ({ pool, options }) => {
          const before = dialsOf(options);
          const waiting = Array.from({ length: BORROWERS }, () => failureOf(ask(pool, 'SELECT 1')));
          const errors = await Promise.all(waiting);
          const told = errors.map(({ message, code: its, errno }) => [its, errno, message].join());
          return { told, dials: dialsOf(options) - before };
        },
        (bare, guarded) => {
          expect(bare.told[0]).to.include(code);
          expect(new Set(bare.told).size).to.equal(1);
          expect(guarded.told).to.deep.equal(bare.told);
          expect(bare.dials).to.equal(BORROWERS);
          expect(guarded.dials).to.be.at.most(BORROWERS);
        },
      );
    }

    it('leave those their connections who have one', async () => {
      const pool = createPool({
        ...server().connectionOptions(),
        ...{ user: USER, password: 'right', database: 'mysql', connectionLimit: 2 },
      });
      try {
        guard(pool);
        const held = await borrow(pool);
        await server().query(`ALTER USER ${USER}@'%' IDENTIFIED BY 'changed'`);
        const refused = await failureOf(borrow(pool));
        expect(refused.code).to.equal('ER_ACCESS_DENIED_ERROR');
        expect(await askOne(held, 'SELECT 1')).to.equal(1);
        held.release();
        expect(await askOne(pool, 'SELECT 2')).to.equal(2);
      } finally {
        await server().query(`ALTER USER ${USER}@'%' IDENTIFIED BY 'right'`);
        drop(pool);
      }
    });

    describe('because nobody answers', () => {
      let proxy: FaultProxy;
      let pool: Pool;
      before('start a proxy that swallows everything', async () => {
        proxy = await startProxy(server());
        proxy.blackhole('new');
      });
      after(() => proxy.stop());
      beforeEach(() => {
        const { port } = proxy;
        pool = createPool({ ...server().connectionOptions(), port, connectTimeout: 150 });
      });
      afterEach(() => drop(pool));

      it('fail bare after connectTimeout', async () => {
        const dials = proxy.connections().length;
        expect(await failureOf(borrow(pool))).to.include({ code: 'ETIMEDOUT', syscall: 'connect' });
        expect(proxy.connections().length - dials).to.equal(1);
      });

      it('are tried again guarded, until connectionTimeout tells the same as its cause', async () => {
        const dials = proxy.connections().length;
        guard(pool, { connectionTimeout: '1s' });
        const error = await failureOf(borrow(pool));
        expect(error).to.be.instanceOf(LifeguardError);
        expect(error.code).to.equal('LIFEGUARD_CONNECTION_TIMEOUT');
        expect(error.cause).to.include({ code: 'ETIMEDOUT', syscall: 'connect' });
        expect(error.message).to.match(/within \d+ ms \(connectionTimeout\).*connect ETIMEDOUT$/);
        expect(proxy.connections().length - dials).to.be.within(2, 6);
      });

      it('and that connectTimeout exceeds have connectionTimeout as their limit', async () => {
        const { port } = proxy;
        drop(pool);
        pool = createPool({ ...server().connectionOptions(), port, connectTimeout: 60_000 });
        guard(pool, { connectionTimeout: 200 });
        const error = await failureOf(borrow(pool));
        expect(error.code).to.equal('LIFEGUARD_CONNECTION_TIMEOUT');
      });
    });
  });
});

const counts = new WeakMap<object, () => number>();

/** Options whose dials are counted. */
function countedAt(at: { host: string; port: number }, setting: Setting): Setting {
  const { options, count } = countDials({ ...at, ...setting, host: at.host, port: at.port });
  counts.set(options.stream as object, count);
  return options;
}

const dialsOf = ({ stream }: PoolOptions): number => counts.get(stream as object)?.() ?? NaN;
