import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'chai';
import { Line, NEVER_STOOD, Waiter } from '../src/line.ts';
import { randomNumbers } from './support/random.ts';

type Connection = { readonly id: number };

/** Waiters by name: the line does not know names, so they stand for `since`. */
function waiter(name: number): Waiter<Connection> {
  return new Waiter<Connection>(() => {}, name, false);
}

const names = (line: Line<Connection>): number[] => [...line].map(({ since }) => since);
const armed = (line: Line<Connection>): number[] =>
  [...line].filter(({ armedAt }) => armedAt !== undefined).map(({ since }) => since);

function lineOf(count: number): { line: Line<Connection>; waiters: Waiter<Connection>[] } {
  const line = new Line<Connection>();
  const waiters = Array.from({ length: count }, (_, name) => waiter(name));
  for (const one of waiters) line.push(one);
  return { line, waiters };
}

describe('a waiter', () => {
  it('is answered in the async context he asked in', () => {
    const context = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const asks = (): Waiter<Connection> =>
      new Waiter((error, connection) => seen.push(context.getStore(), error, connection), 0, false);
    const one = context.run('his', asks);
    context.run('the releaser’s', () => one.settle(null, { id: 1 }));
    expect(seen).to.deep.equal(['his', null, { id: 1 }]);
  });
});

describe('the line', () => {
  it('is empty at first', () => {
    const line = new Line<Connection>();
    expect([line.length, line.armed, names(line)]).to.deep.equal([0, 0, []]);
    expect(line.shift()).to.equal(undefined);
    expect(line.armNext(1)).to.equal(false);
  });

  it('lets first in first out', () => {
    const { line } = lineOf(3);
    expect(line.length).to.equal(3);
    expect([line.shift(), line.shift(), line.shift()].map((one) => one?.since)).to.deep.equal([
      0, 1, 2,
    ]);
    expect(line.length).to.equal(0);
  });

  for (const [place, rest] of [
    [0, [1, 2]],
    [1, [0, 2]],
    [2, [0, 1]],
  ] as const) {
    it(`lets anybody leave: place ${place}`, () => {
      const { line, waiters } = lineOf(3);
      line.remove(waiters[place]!);
      expect(names(line)).to.deep.equal(rest);
      line.push(waiter(9));
      expect(names(line)).to.deep.equal([...rest, 9]);
    });
  }

  it('takes back at his place who was called in vain', () => {
    const { line } = lineOf(4);
    const [first, second] = [line.shift()!, line.shift()!];
    line.putBack(second);
    expect(names(line)).to.deep.equal([1, 2, 3]);
    line.putBack(first);
    expect(names(line)).to.deep.equal([0, 1, 2, 3]);
  });

  it('takes back behind all others who came last', () => {
    const { line, waiters } = lineOf(2);
    line.remove(waiters[1]!);
    line.putBack(waiters[1]!);
    expect(names(line)).to.deep.equal([0, 1]);
    expect(line.shift()).to.equal(waiters[0]);
    line.push(waiter(9));
    expect(names(line)).to.deep.equal([1, 9]);
  });

  it('takes before all others who never had to stand in it', () => {
    const { line } = lineOf(2);
    line.putBack(new Waiter<Connection>(() => {}, 8, false, NEVER_STOOD));
    line.putBack(new Waiter<Connection>(() => {}, 9, false, NEVER_STOOD));
    expect(names(line)).to.deep.equal([8, 9, 0, 1]);
  });

  it('takes back who was alone', () => {
    const { line, waiters } = lineOf(1);
    line.shift();
    line.putBack(waiters[0]!);
    line.push(waiter(6));
    expect(names(line)).to.deep.equal([0, 6]);
  });

  it('can be walked along while whoever is met leaves', () => {
    const { line } = lineOf(4);
    for (const one of line) line.remove(one);
    expect(names(line)).to.deep.equal([]);
  });

  it('starts deadlines from the head on', () => {
    const { line, waiters } = lineOf(3);
    expect([line.armNext(5), line.armNext(6)]).to.deep.equal([true, true]);
    expect(armed(line)).to.deep.equal([0, 1]);
    expect(line.armed).to.equal(2);
    expect(waiters.map(({ armedAt }) => armedAt)).to.deep.equal([5, 6, undefined]);
    line.armNext(7);
    expect(line.armNext(8)).to.equal(false);
  });

  it('stops the deadlines of all behind the first ones', () => {
    const { line } = lineOf(4);
    for (let place = 0; place < 3; place++) line.armNext(5);
    line.disarmBehind(1);
    expect(armed(line)).to.deep.equal([0]);
    expect(line.armed).to.equal(1);
    line.armNext(6);
    expect(armed(line)).to.deep.equal([0, 1]);
    line.disarmBehind(0);
    expect(line.armed).to.equal(0);
  });

  it('keeps the deadline of who comes back', () => {
    const { line } = lineOf(2);
    line.armNext(5);
    const called = line.shift();
    expect(line.armed).to.equal(0);
    line.putBack(called!);
    expect(line.armed).to.equal(1);
    line.armNext(6);
    expect(armed(line)).to.deep.equal([0, 1]);
  });

  it('starts the deadline of who comes back before those behind him', () => {
    const { line } = lineOf(2);
    const called = line.shift();
    line.putBack(called!);
    line.armNext(5);
    expect(armed(line)).to.deep.equal([0]);
  });
});

describe('the line and a plain array', () => {
  /** The same as the line, told with arrays. */
  class Model {
    readonly items: Waiter<Connection>[] = [];
    /** Those who left, and may come back. */
    readonly gone: Waiter<Connection>[] = [];

    armNext(now: number): boolean {
      const next = this.items.find(({ armedAt }) => armedAt === undefined);
      if (next) next.armedAt = now;
      return next !== undefined;
    }

    remove(place: number): Waiter<Connection> | undefined {
      const [left] = this.items.splice(place, 1);
      if (left) this.gone.push(left);
      return left;
    }

    putBack(one: Waiter<Connection>): void {
      const place = this.items.findIndex(({ order }) => order > one.order);
      this.items.splice(place < 0 ? this.items.length : place, 0, one);
    }
  }

  type Step = (line: Line<Connection>, model: Model, place: number, now: number) => void;

  const STEPS: readonly Step[] = [
    (line, model, place, now) => {
      const one = waiter(now);
      if (place % 3 === 0) one.armedAt = now;
      line.push(one);
      model.items.push(one);
    },
    (line, model) => expect(line.shift()).to.equal(model.remove(0)),
    (line, model, place) => {
      const left = model.remove(place);
      if (left) line.remove(left);
    },
    (line, model) => {
      const back = model.gone.pop();
      if (!back) return;
      line.putBack(back);
      model.putBack(back);
    },
    (line, model, _, now) => armBoth(line, model, now),
    (line, _, place) => line.disarmBehind(place),
  ];

  function armBoth(line: Line<Connection>, model: Model, now: number): void {
    const before = model.items.map(({ armedAt }) => armedAt);
    const said = model.armNext(now);
    const after = model.items.map(({ armedAt }) => armedAt);
    model.items.forEach((item, place) => (item.armedAt = before[place]));
    expect(line.armNext(now)).to.equal(said);
    expect(model.items.map(({ armedAt }) => armedAt)).to.deep.equal(after);
  }

  /** Twice as many come as leave, so that the line grows; each step is as likely as another. */
  function stepOf(random: () => number): Step {
    return STEPS[Math.max(0, Math.floor(random() * (STEPS.length + 1)) - 1)]!;
  }

  for (const seed of [1, 2, 3, 4]) {
    it(`do the same, whatever happens (seed ${seed})`, () => {
      const random = randomNumbers(seed);
      const [line, model] = [new Line<Connection>(), new Model()];
      for (let now = 1; now <= 3_000; now++) {
        const place = Math.floor(random() * (model.items.length + 1));
        stepOf(random)(line, model, place, now);
        const counted = model.items.filter(({ armedAt }) => armedAt !== undefined).length;
        expect([line.length, line.armed]).to.deep.equal([model.items.length, counted]);
      }
      expect([...line]).to.deep.equal(model.items);
    });
  }
});
