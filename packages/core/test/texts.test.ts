import { expect } from 'chai';
import { Texts } from '../src/texts.ts';

const look = (texts: Texts): unknown[] => [texts.length, texts.characters, [...texts]];

describe('a queue of texts', () => {
  it('is empty at first', () => {
    const texts = new Texts();
    expect(look(texts)).to.deep.equal([0, 0, []]);
    expect(texts.shift()).to.equal(undefined);
    expect(look(texts)).to.deep.equal([0, 0, []]);
  });

  it('gives back what came first', () => {
    const texts = new Texts();
    for (const text of ['a', 'bb', 'ccc']) texts.push(text);
    expect(look(texts)).to.deep.equal([3, 6, ['a', 'bb', 'ccc']]);
    expect([texts.shift(), texts.shift()]).to.deep.equal(['a', 'bb']);
    expect(look(texts)).to.deep.equal([1, 3, ['ccc']]);
    texts.push('d');
    expect([texts.shift(), texts.shift(), texts.shift()]).to.deep.equal(['ccc', 'd', undefined]);
    expect(look(texts)).to.deep.equal([0, 0, []]);
  });

  it('holds empty texts, too', () => {
    const texts = new Texts();
    texts.push('');
    texts.push('a');
    expect(look(texts)).to.deep.equal([2, 1, ['', 'a']]);
    expect(texts.shift()).to.equal('');
    expect(look(texts)).to.deep.equal([1, 1, ['a']]);
  });

  it('can be cleared', () => {
    const texts = new Texts();
    for (const text of ['a', 'bb', 'ccc']) texts.push(text);
    texts.clear();
    expect(look(texts)).to.deep.equal([0, 0, []]);
    texts.push('d');
    expect(look(texts)).to.deep.equal([1, 1, ['d']]);
  });

  it('lets the last one be taken back', () => {
    const texts = new Texts();
    for (const text of ['a', 'bb', 'ccc']) texts.push(text);
    texts.takeBack('ccc');
    expect(look(texts)).to.deep.equal([2, 3, ['a', 'bb']]);
    texts.takeBack('bb');
    texts.takeBack('a');
    expect(look(texts)).to.deep.equal([0, 0, []]);
    texts.push('d');
    expect([texts.first, texts.shift(), texts.shift()]).to.deep.equal(['d', 'd', undefined]);
  });

  it('stays as it is where the last one is another', () => {
    const texts = new Texts();
    texts.takeBack('a');
    for (const text of ['a', 'b']) texts.push(text);
    texts.takeBack('a');
    texts.takeBack('B');
    expect(look(texts)).to.deep.equal([2, 2, ['a', 'b']]);
  });
});
