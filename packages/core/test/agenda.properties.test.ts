import { expect } from 'chai';
import * as fc from 'fast-check';
import { Agenda } from '../src/agenda.ts';
import { holds } from './support/holds.ts';

const item = fc.nat(20);
const time = fc.nat(1_000);
const step = fc.oneof(
  fc.tuple(fc.constant('set' as const), item, time),
  fc.tuple(fc.constant('delete' as const), item, time),
  fc.tuple(fc.constant('take' as const), item, time),
);

const earliest = (model: ReadonlyMap<number, number>): number =>
  Math.min(Infinity, ...model.values());

describe('an agenda, whatever is entered and taken', () => {
  holds(
    'gives the earliest of what is due, each item once and at its last time',
    1_000,
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
      const agenda = new Agenda<number>();
      const model = new Map<number, number>();
      for (const [name, which, at] of steps) {
        if (name === 'set') {
          agenda.set(which, at);
          model.set(which, at);
        } else if (name === 'delete') {
          agenda.delete(which);
          model.delete(which);
        } else {
          const first = earliest(model);
          const taken = agenda.take(at);
          expect(taken === undefined).to.equal(first > at);
          if (taken === undefined) continue;
          expect(model.get(taken)).to.equal(first);
          model.delete(taken);
        }
        expect(agenda.nextAt).to.equal(earliest(model));
        expect(agenda.size).to.equal(model.size);
      }
      agenda.clear();
      expect(agenda.nextAt).to.equal(Infinity);
    }),
  );
});
