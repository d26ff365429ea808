import { eachServer, failureOf, type Flavour } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { PoolConnection } from 'mysql2';
import { ask, askOne, borrow, borrowAll, execute } from './support/calls.ts';
import { parityOn } from './support/same.ts';

/** What one refusal of the server does to the pool, beside going to who asked. */
interface Refusal {
  readonly errno: number;
  readonly message: string;
  readonly closes: 'nothing' | 'the connection' | 'all of them';
  readonly on?: Flavour;
}

const REFUSALS: readonly Refusal[] = [
  { errno: 1053, message: 'Server shutdown in progress', closes: 'all of them' },
  { errno: 1927, message: 'Connection was killed', closes: 'the connection', on: 'mariadb' },
  { errno: 1927, message: 'Something else', closes: 'nothing', on: 'mysql' },
  { errno: 4031, message: 'Disconnected by the server', closes: 'the connection', on: 'mysql' },
  { errno: 4031, message: 'Referenced trigger', closes: 'nothing', on: 'mariadb' },
  { errno: 1836, message: 'Running in read-only mode', closes: 'all of them' },
  { errno: 1290, message: 'running with the --read-only option', closes: 'all of them' },
  { errno: 1290, message: 'running with the --super-read-only option', closes: 'all of them' },
  { errno: 1290, message: 'running with the --secure-file-priv option', closes: 'nothing' },
  { errno: 1792, message: 'Cannot execute while read only', closes: 'all of them' },
  { errno: 1792, message: 'Cannot execute in a READ ONLY transaction', closes: 'nothing' },
  { errno: 1153, message: 'Got a packet bigger than', closes: 'the connection' },
  ...[1152, 1158, 1159, 1160, 1161, 1184, 2002, 2003, 2006, 2013, 2014, 2055].map(
    (errno): Refusal => ({ errno, message: 'Lost connection', closes: 'the connection' }),
  ),
  { errno: 1062, message: 'Duplicate entry', closes: 'nothing' },
  { errno: 1213, message: 'Deadlock found', closes: 'nothing' },
  { errno: 1205, message: 'Lock wait timeout exceeded', closes: 'nothing' },
  // As mysql2 itself says of a connection that is closed.
  { errno: 1644, message: 'The order is in closed state', closes: 'nothing' },
];

/** How many of three connections are left afterwards, one of which was refused. */
const LEFT = { nothing: 3, 'the connection': 2, 'all of them': 0 };

describe('a connection on which the server said', () => {
  eachServer((server, flavour) => {
    const { better } = parityOn(server);

    for (const { errno, message, closes, on = flavour } of REFUSALS) {
      if (on !== flavour) continue;
      better(
        `${errno} "${message}" goes back bare; guarded ${closes} is closed`,
        { connectionLimit: 3 },
        async ({ pool, handle }) => {
          const lent = await borrowAll(pool, 3);
          const [first, ...others] = lent as [PoolConnection, ...PoolConnection[]];
          for (const connection of others) connection.release();
          const error = await failureOf(ask(first, SIGNAL, [errno, message]));
          first.release();
          const before = new Set(lent.map(({ threadId }) => threadId));
          const after = await borrowAll(pool, 3);
          for (const connection of after) await askOne(connection, 'SELECT 1');
          const left = after.filter(({ threadId }) => before.has(threadId)).length;
          return { errno: error.errno, said: error.message, left, closed: handle?.stats().closed };
        },
        (bare, guarded, way) => {
          expect(bare).to.include({ errno, said: message, left: 3 });
          expect(guarded, way).to.include({ errno, said: message, left: LEFT[closes] });
          expect(guarded.closed?.poisoned ?? 0).to.equal(closes === 'nothing' ? 0 : 1);
          expect(guarded.closed?.generation ?? 0).to.equal(closes === 'all of them' ? 2 : 0);
        },
      );
    }

    better(
      'it is shutting down takes the lent ones along, each when it comes back',
      { connectionLimit: 2 },
      async ({ pool, handle }) => {
        const [first, second] = (await borrowAll(pool, 2)) as [PoolConnection, PoolConnection];
        await failureOf(ask(first, SIGNAL, [1053, 'Server shutdown in progress']));
        const stillWorks = await askOne(second, 'SELECT 1');
        second.release();
        first.release();
        const fresh = await borrow(pool);
        return [stillWorks, fresh === first || fresh === second, handle?.stats().closed];
      },
      (bare, guarded) => {
        expect(bare).to.deep.equal([1, true, undefined]);
        expect(guarded).to.deep.equal([1, false, { poisoned: 1, generation: 1 }]);
      },
    );

    before('create a procedure that is refused', async () => {
      await server().query('CREATE DATABASE IF NOT EXISTS refusals');
      await server().query(`CREATE PROCEDURE refusals.refuse() ${READ_ONLY}`);
    });
    after(() => server().dropDatabase('refusals'));

    for (const way of ['query', 'execute'] as const) {
      better(
        `it is read-only, to pool.${way}(): bare that connection goes at most, guarded all`,
        { connectionLimit: 3 },
        async ({ pool }) => {
          const lent = await borrowAll(pool, 3);
          for (const connection of lent) connection.release();
          const answer = way === 'query' ? ask(pool, REFUSE) : execute(pool, REFUSE);
          const { errno } = await failureOf(answer);
          const after = await borrowAll(pool, 3);
          const left = after.filter((connection) => lent.includes(connection)).length;
          return { errno, left };
        },
        (bare, guarded) => {
          expect(bare.errno).to.equal(1836);
          expect(bare.left).to.be.at.least(2);
          expect(guarded).to.deep.equal({ errno: 1836, left: 0 });
        },
      );
    }
  });
});

/** Makes the server refuse a statement with any error there is. */
const SIGNAL = "SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = ?, MESSAGE_TEXT = ?";

const READ_ONLY = "SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1836, MESSAGE_TEXT = 'read-only mode'";
const REFUSE = 'CALL refusals.refuse()';
