import { expect } from 'chai';
import * as fc from 'fast-check';
import { Line, Waiter } from '../src/line.ts';
import { holds } from './support/holds.ts';

type Waiting = Waiter<object>;

/** The same as the line, told with arrays. */
class Model {
  readonly items: Waiting[] = [];
  /** Those who left, and may come back. */
  readonly gone: Waiting[] = [];

  get armed(): Waiting[] {
    return this.items.filter(({ armedAt }) => armedAt !== undefined);
  }

  remove(place: number): Waiting | undefined {
    const [left] = this.items.splice(place, 1);
    if (left) this.gone.push(left);
    return left;
  }

  /** Behind all who came before him, or at the same time. */
  putBack(one: Waiting): void {
    const place = this.items.filter(({ order }) => order <= one.order).length;
    this.items.splice(place, 0, one);
  }
}

type Step = (line: Line<object>, model: Model) => void;

const STEPS: Record<string, (place: number) => Step> = {
  joins: (place) => (line, model) => {
    const one: Waiting = new Waiter(() => {}, 0, false);
    if (place % 3 === 0) one.armedAt = place;
    line.push(one);
    model.items.push(one);
  },
  'is called': () => (line, model) => expect(line.shift()).to.equal(model.remove(0)),
  leaves: (place) => (line, model) => {
    const left = model.remove(place % Math.max(1, model.items.length));
    if (left) line.remove(left);
  },
  'comes back': (place) => (line, model) => {
    const [back] = model.gone.splice(place % Math.max(1, model.gone.length), 1);
    if (!back) return;
    line.putBack(back);
    model.putBack(back);
  },
  'never stood': () => (line, model) => {
    const one: Waiting = new Waiter(() => {}, 0, false, 0);
    line.putBack(one);
    model.putBack(one);
  },
  'has his deadline started': (place) => (line, model) => {
    const next = model.items.find(({ armedAt }) => armedAt === undefined);
    expect(line.armNext(place)).to.equal(next !== undefined);
    if (next) expect(next.armedAt).to.equal(place);
  },
  'has his deadline stopped': (place) => (line, model) => {
    const attended = model.items.slice(0, place).map(({ armedAt }) => armedAt);
    line.disarmBehind(place);
    const times = model.items.map(({ armedAt }) => armedAt);
    expect(times.slice(0, place)).to.deep.equal(attended);
    expect(times.slice(place).every((time) => time === undefined)).to.equal(true);
  },
};

/** Twice as many come as leave. */
const names = fc.constantFrom(...Object.keys(STEPS), 'joins', 'joins');
const steps = fc.array(fc.tuple(names, fc.nat(12)), { maxLength: 60, size: 'max' });

describe('the line, whatever happens to it', () => {
  holds(
    'does what a plain array does',
    1_000,
    fc.property(steps, (all) => {
      const [line, model] = [new Line<object>(), new Model()];
      for (const [name, place] of all) {
        STEPS[name]?.(place)(line, model);
        expect([...line]).to.deep.equal(model.items);
        expect([line.length, line.armed]).to.deep.equal([model.items.length, model.armed.length]);
      }
    }),
  );

  holds(
    'lets them go in the order in which they came, however often they were called in vain',
    500,
    fc.property(fc.array(fc.nat(6), { maxLength: 30 }), (calls) => {
      const line = new Line<object>();
      for (let place = 0; place < 8; place++) line.push(new Waiter(() => {}, place, false));
      for (const count of calls) {
        const called = Array.from({ length: count }, () => line.shift()!);
        // Their connections turn out bad one after the other, in whatever order.
        const shuffled = called.toSorted(
          (a, b) => ((a.since * count) % 7) - ((b.since * count) % 7),
        );
        for (const one of shuffled) line.putBack(one);
      }
      expect([...line].map(({ since }) => since)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7]);
    }),
  );
});
