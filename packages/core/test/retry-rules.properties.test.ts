import { expect } from 'chai';
import * as fc from 'fast-check';
import { fateOf } from '../src/fates.ts';
import type { RetryPolicy } from '../src/retry.ts';
import type { Reach } from '../src/executed.ts';
import { holds } from './support/holds.ts';
import { open } from './support/open.ts';
import { cutOff } from './support/sender.ts';

const IN_TRANSACTION = 1;
const AUTOCOMMIT = 2;

/** What a server does when it runs one: to its transaction, and to the rest of its session. */
const EARLIER = {
  'SELECT 1': {},
  'INSERT INTO t VALUES (2)': {},
  BEGIN: { isOpen: true },
  COMMIT: { isOpen: false },
  ROLLBACK: { isOpen: false },
  'SET autocommit = 0': { autocommit: false, adds: 'session variables' },
  'SET @a = 1': { adds: 'user variables' },
  'CREATE TEMPORARY TABLE u (a INT)': { adds: 'temporary tables' },
  'LOCK TABLES t WRITE': { adds: 'table locks' },
  'UNLOCK TABLES': { drops: 'table locks' },
} as const;
type Earlier = keyof typeof EARLIER;

/** The session as the server has it. */
class ServerSession {
  isOpen = false;
  autocommit = true;
  readonly state = new Set<string>();

  run(sql: Earlier): number {
    const does: {
      readonly isOpen?: boolean;
      readonly autocommit?: boolean;
      readonly adds?: string;
      readonly drops?: string;
    } = EARLIER[sql];
    this.isOpen = does.isOpen ?? this.isOpen;
    this.autocommit = does.autocommit ?? this.autocommit;
    if (does.adds) this.state.add(does.adds);
    if (does.drops) this.state.delete(does.drops);
    return (this.isOpen ? IN_TRANSACTION : 0) | (this.autocommit ? AUTOCOMMIT : 0);
  }

  get isFresh(): boolean {
    return !this.isOpen && this.state.size === 0;
  }
}

/** Statements that are lost: whether they only read, and whether they read their session. */
const LOST = {
  'INSERT INTO t VALUES (1)': { isPlainRead: false, readsSession: false },
  'SELECT 1': { isPlainRead: true, readsSession: false },
  'SELECT f()': { isPlainRead: false, readsSession: false },
  'SELECT @a': { isPlainRead: false, readsSession: true },
  'SELECT LAST_INSERT_ID()': { isPlainRead: false, readsSession: true },
} as const;
const lost = fc.constantFrom(...(Object.keys(LOST) as (keyof typeof LOST)[]));
const policies = fc.constantFrom<RetryPolicy[]>('unexecuted', 'reads', false);
const earlier = fc.array(fc.constantFrom(...(Object.keys(EARLIER) as Earlier[])), { maxLength: 5 });

describe('whether a statement may run again, whatever ran before it', () => {
  /** Loses one behind others, and says what its server and we know then. */
  async function lose(
    before: readonly Earlier[],
    told: boolean,
    sql: string,
    reach: Reach,
    retry: RetryPolicy,
  ) {
    const pool = open({ retry });
    const connection = await pool.borrow();
    const server = new ServerSession();
    for (const one of before) {
      const status = server.run(one);
      pool.query(connection, one, told ? status : undefined);
    }
    const error = cutOff();
    pool.guard.watch.sent(connection, sql);
    pool.guard.watch.failed(connection, error, { sql, reach });
    return { server, fate: fateOf(error) };
  }
  const reaches = fc.constantFrom<Reach[]>('unsent', 'alone', 'among others', 'as a part');

  holds(
    'follows from the rule, and from the session as its server had it',
    500,
    fc.asyncProperty(earlier, lost, reaches, policies, async (before, sql, reach, retry) => {
      const { server, fate } = await lose(before, true, sql, reach, retry);
      const { isPlainRead, readsSession } = LOST[sql];
      const isSafe = reach === 'unsent' || (retry === 'reads' && isPlainRead);
      expect(fate).to.deep.include({
        executed: reach === 'unsent' ? 'no' : 'unknown',
        repeatable: retry !== false && server.isFresh && !readsSession && isSafe,
      });
    }),
  );

  holds(
    'is never so in a transaction or with state, though the driver shows no status',
    500,
    fc.asyncProperty(earlier, lost, policies, async (before, sql, retry) => {
      const { server, fate } = await lose(before, false, sql, 'unsent', retry);
      if (!server.isFresh) expect(fate).to.include({ repeatable: false });
    }),
  );
});
