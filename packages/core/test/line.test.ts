import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'chai';
import { Line, Waiter } from '../src/line.ts';

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
    line.putBack(new Waiter<Connection>(() => {}, 8, false, 0));
    line.putBack(new Waiter<Connection>(() => {}, 9, false, 0));
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
