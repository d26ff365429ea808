import { expect } from 'chai';
import * as fc from 'fast-check';
import { executedOf, type Evidence, type Reach } from '../src/executed.ts';
import type { DriverError, Failure } from '../src/failures.ts';
import { driverError } from './support/fake-connection.ts';
import { holds } from './support/holds.ts';

/** Everything that is known of a statement that was lost. */
interface Case {
  readonly failure: Failure;
  readonly error: DriverError;
  readonly sql: string;
  readonly reach: Reach;
  readonly evidence: Evidence;
}

/** Those that are refused or run as a whole, and those of which a part may have been stored. */
const WHOLE = ['INSERT INTO t VALUES (1)', 'delete from t', 'BEGIN', 'TRUNCATE t'];
const PARTS = [
  'CALL p()',
  'INSERT INTO t VALUES (1); DELETE FROM t',
  'SELECT f()',
  'EXECUTE s',
  '',
];

const ERRORS: readonly DriverError[] = [
  driverError('write', { code: 'EPIPE', syscall: 'write' }),
  driverError('write', { code: 'ECONNRESET', syscall: 'write' }),
  driverError('ended', { code: 'EPIPE' }),
  driverError('read', { code: 'ECONNRESET', syscall: 'read' }),
  driverError('reset', { code: 'ECONNRESET' }),
  driverError('timed out', { code: 'ETIMEDOUT', syscall: 'write' }),
  driverError('no code'),
];
const FAILED_WRITES = ERRORS.slice(0, 3);

const cases: fc.Arbitrary<Case> = fc.record({
  failure: fc.record({
    scope: fc.constantFrom('connection' as const, 'generation' as const),
    executed: fc.constantFrom('no' as const, 'unknown' as const),
    afterIdling: fc.boolean(),
    why: fc.constant('made up'),
  }),
  error: fc.constantFrom(...ERRORS),
  sql: fc.constantFrom(...WHOLE, ...PARTS),
  reach: fc.constantFrom<Reach[]>('unsent', 'alone', 'among others', 'as a part'),
  evidence: fc.record({ heardNothing: fc.boolean(), wasIdle: fc.boolean() }),
});

/** Each of them proves by itself that the server has not run it. */
const PROOFS: readonly ((known: Case) => boolean)[] = [
  ({ reach }) => reach === 'unsent',
  ({ failure, evidence }) => isSaidNo(failure, evidence) && failure.scope === 'connection',
  ({ failure, evidence, sql }) => isSaidNo(failure, evidence) && WHOLE.includes(sql),
  ({ failure, evidence, error, reach }) => {
    const isWrite = FAILED_WRITES.includes(error) && failure.executed === 'unknown';
    const isBelieved = !failure.afterIdling || evidence.wasIdle;
    return isWrite && isBelieved && reach === 'alone' && evidence.heardNothing;
  },
];

/** The server says that it has not run it, and can be believed. */
function isSaidNo({ executed, afterIdling }: Failure, { wasIdle }: Evidence): boolean {
  return executed === 'no' && (!afterIdling || wasIdle);
}

const executed = ({ failure, error, sql, reach, evidence }: Case): string =>
  executedOf(failure, error, { sql, reach }, evidence);

describe('a lost statement, whatever is known of it', () => {
  holds(
    'was not executed exactly where something proves it, and never as a part of something larger',
    2_000,
    fc.property(cases, (known) => {
      const isProven = known.reach !== 'as a part' && PROOFS.some((proves) => proves(known));
      expect(executed(known)).to.equal(isProven ? 'no' : 'unknown');
    }),
  );

  holds(
    'is not more certain the less is known of it',
    2_000,
    fc.property(cases, fc.constantFrom<Reach[]>('among others', 'as a part'), (known, reach) => {
      if (executed({ ...known, reach }) === 'unknown') return;
      expect(executed({ ...known, reach: 'alone' })).to.equal('no');
    }),
  );
});
