import { expect } from 'chai';
import * as fc from 'fast-check';
import { isPlainRead } from '../src/plain-reads.ts';
import { statementsOf } from '../src/sql-text.ts';
import {
  beginsTransaction,
  isRollback,
  mayEndTransaction,
  readStatement,
} from '../src/statements.ts';
import { holds } from './support/holds.ts';
import { several, type Statement } from './support/sql-cases.ts';

const union = (lists: readonly (readonly string[] | undefined)[]): string[] =>
  [...new Set(lists.flatMap((list) => list ?? []))].toSorted();

/** What is left of a transaction after all of them. */
function leavesOpen(all: readonly Statement[]): boolean {
  return all.findLast(({ transaction }) => transaction !== undefined)?.transaction === 'open';
}

describe('statements, however they are written and however many a text holds', () => {
  holds(
    'are told apart',
    500,
    fc.property(several, ({ all, text }) => {
      expect(statementsOf(text)).to.have.length(all.length);
    }),
  );

  holds(
    'create, drop and read what each of them does',
    1_000,
    fc.property(several, ({ all, text }) => {
      const read = readStatement(text);
      expect(union([read.creates])).to.deep.equal(union(all.map(({ creates }) => creates)));
      expect(union([read.drops])).to.deep.equal(union(all.map(({ drops }) => drops)));
      expect(read.readsSession).to.equal(all.some(({ readsSession }) => readsSession));
    }),
  );

  holds(
    'leave a transaction open, or may store it, as each of them does in its turn',
    1_000,
    fc.property(several, ({ all, text }) => {
      expect(beginsTransaction(text)).to.equal(leavesOpen(all));
      expect(mayEndTransaction(text)).to.equal(all.some(({ mayStore }) => mayStore));
    }),
  );

  holds(
    'are one rollback, or one plain read, only where there is one',
    1_000,
    fc.property(several, ({ all, text }) => {
      const [first] = all;
      expect(isRollback(text)).to.equal(all.length === 1 && first?.rollsBack === true);
      expect(isPlainRead(text)).to.equal(all.length === 1 && first?.isPlainRead === true);
    }),
  );
});

describe('any text at all', () => {
  const signs = ["'", '"', '`', '\\', '/*', '*/', '/*!', '--', '#', '\n', ';', 'x', ' ', '@'];
  const anything = fc
    .array(fc.oneof(fc.constantFrom(...signs), fc.string({ maxLength: 3 })), { maxLength: 30 })
    .map((parts) => parts.join(''));

  holds(
    'has statements without a quote sign, none of them empty',
    1_000,
    fc.property(anything, (text) => {
      for (const one of statementsOf(text)) {
        expect(one)
          .to.match(/\S/)
          .and.not.to.match(/['"`;]/);
      }
    }),
  );

  holds(
    'is read without an error',
    1_000,
    fc.property(anything, (text) => {
      readStatement(text);
      beginsTransaction(text);
      mayEndTransaction(text);
      isPlainRead(text);
    }),
  );
});
