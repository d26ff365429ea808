import { expect } from 'chai';
import { shadow } from '../src/shadow.ts';

class Pool {
  get(): string {
    return 'bare';
  }
}

const own = (pool: Pool): string[] => Object.getOwnPropertyNames(pool);

describe('a shadow', () => {
  it('stands in front of a method, of this object alone', () => {
    const [pool, other] = [new Pool(), new Pool()];
    shadow(pool, 'get', () => 'guarded');
    expect(pool.get()).to.equal('guarded');
    expect(other.get()).to.equal('bare');
  });

  it('is not seen by loops over the object', () => {
    const pool = new Pool();
    shadow(pool, 'get', () => 'guarded');
    expect(Object.keys(pool)).to.deep.equal([]);
  });

  it('can be patched over by others', () => {
    const pool = new Pool();
    shadow(pool, 'get', () => 'guarded');
    pool.get = () => 'traced';
    expect(pool.get()).to.equal('traced');
  });

  it('leaves no trace when it is taken away', () => {
    const pool = new Pool();
    const undo = shadow(pool, 'get', () => 'guarded');
    undo();
    expect(pool.get()).to.equal('bare');
    expect(own(pool)).to.deep.equal([]);
  });

  it('gives an own property back as it was', () => {
    const pool = new Pool();
    const before = { value: () => 'own', configurable: true, writable: false, enumerable: true };
    Object.defineProperty(pool, 'get', before);
    const undo = shadow(pool, 'get', () => 'guarded');
    expect(Object.keys(pool)).to.deep.equal(['get']);
    expect(pool.get()).to.equal('guarded');
    undo();
    expect(Object.getOwnPropertyDescriptor(pool, 'get')).to.deep.equal(before);
  });

  it('gives an accessor back as it was', () => {
    const pool = new Pool();
    const before = { get: () => () => 'computed', configurable: true };
    Object.defineProperty(pool, 'get', before);
    const undo = shadow(pool, 'get', () => 'guarded');
    expect(pool.get()).to.equal('guarded');
    undo();
    expect(Object.getOwnPropertyDescriptor(pool, 'get')).to.include(before);
  });

  it('stays where somebody patched over it: his patch is not ours to remove', () => {
    const pool = new Pool();
    const undo = shadow(pool, 'get', () => 'guarded');
    const guarded = pool.get;
    pool.get = () => `traced ${guarded()}`;
    undo();
    expect(pool.get()).to.equal('traced guarded');
  });

  it('over another one goes first', () => {
    const pool = new Pool();
    const undoFirst = shadow(pool, 'get', () => 'first');
    const undoSecond = shadow(pool, 'get', () => 'second');
    undoSecond();
    expect(pool.get()).to.equal('first');
    undoFirst();
    expect(own(pool)).to.deep.equal([]);
  });

  it('under another one stays until that is gone, and can be taken away then', () => {
    const pool = new Pool();
    const undoFirst = shadow(pool, 'get', () => 'first');
    const undoSecond = shadow(pool, 'get', () => 'second');
    undoFirst();
    expect(pool.get()).to.equal('second');
    undoSecond();
    expect(pool.get()).to.equal('first');
    undoFirst();
    expect(pool.get()).to.equal('bare');
  });

  it('is taken away once: a second undo does not touch a later one', () => {
    const pool = new Pool();
    const undo = shadow(pool, 'get', () => 'first');
    undo();
    shadow(pool, 'get', () => 'later');
    undo();
    expect(pool.get()).to.equal('later');
  });
});
