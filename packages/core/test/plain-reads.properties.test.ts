import * as fc from 'fast-check';
import { expect } from 'chai';
import { isPlainRead } from '../src/plain-reads.ts';
import { holds } from './support/holds.ts';
import { separator, written } from './support/sql-cases.ts';

/** Reads of which every part between two words may be followed by something else. */
const READS = [
  'SELECT 1',
  "SELECT a , 'x' FROM t",
  'SELECT COUNT(*) , CONCAT(a,b) FROM t WHERE c IN (1,2) GROUP BY d ORDER BY e LIMIT 5',
  'WITH c AS (SELECT 1) SELECT * FROM c JOIN `d` USING (id)',
  '(SELECT 1) UNION ALL (SELECT MAX(a) FROM t)',
  'SELECT * FROM (SELECT a FROM t WHERE EXISTS (SELECT 1)) u',
  'TABLE t ORDER BY a',
  'VALUES (1,2) , (3,4)',
];

const LOCKS = ['FOR UPDATE', 'FOR SHARE', 'FOR UPDATE SKIP LOCKED', 'LOCK IN SHARE MODE'];
const INTOS = ["INTO OUTFILE '/tmp/f'", "INTO DUMPFILE '/tmp/f'", 'INTO @a', 'INTO a'];
const VARIABLES = ['@a := 1', ', @a', '@`a b`', '@@identity', 'a := 1'];
const SECOND = ['; DELETE FROM t', '; SELECT 2', '; CALL p()', "; 'x'"];
const KNOWN_TO_ACT = [
  'sleep',
  'get_lock',
  'benchmark',
  'load_file',
  'last_insert_id',
  'uuid',
  'rand',
];

/** A call of a function of the user's own, or of one that does something. */
const calls = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...KNOWN_TO_ACT),
      fc.stringMatching(/^[a-z0-9_$]{0,8}$/).map((name) => `my_${name}`),
      fc.constantFrom('db.concat', 'db . f', '`concat`', 'concat ', 'é'),
    ),
    fc.constantFrom('()', '(1)', ' ()', ' (a,b)'),
  )
  .map(([name, given]) => `, ${name}${given}`);

const dangers = fc.oneof(fc.constantFrom(...LOCKS, ...INTOS, ...VARIABLES, ...SECOND), calls);

/** A read with something put between two of its words, or behind the last one. */
function withPart(part: string): fc.Arbitrary<string> {
  return fc.constantFrom(...READS).chain((read) => {
    const words = read.split(' ');
    return fc
      .integer({ min: 1, max: words.length })
      .chain((place) => written(words.toSpliced(place, 0, part).join(' ')));
  });
}

describe('a plain read', () => {
  holds(
    'is one however it is written',
    1_000,
    fc.property(fc.constantFrom(...READS).chain(written), (sql) => {
      expect(isPlainRead(sql)).to.equal(true);
    }),
  );

  holds(
    'is none with a lock, an INTO, a variable, a function that is not known, or a second statement',
    3_000,
    fc.property(dangers.chain(withPart), (sql) => {
      expect(isPlainRead(sql)).to.equal(false);
    }),
  );

  holds(
    'is one with all that in a comment, or in a quoted text',
    1_000,
    fc.property(
      dangers.filter((danger) => !/['`]/.test(danger)),
      fc.constantFrom(...READS),
      separator,
      (danger, read, space) => {
        for (const quoted of [`/* ${danger} */`, `-- ${danger}\n`, `= '${danger}'`]) {
          expect(isPlainRead(`${read}${space}${quoted}`)).to.equal(true);
        }
      },
    ),
  );
});
