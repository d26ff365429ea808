import { expect } from 'chai';
import { insert } from '../src/queues.ts';

describe('putting an item into a queue that knows its ends', () => {
  for (const [place, expected] of [
    [0, ['new', 'a', 'b', 'c']],
    [1, ['a', 'new', 'b', 'c']],
    [3, ['a', 'b', 'c', 'new']],
    [9, ['a', 'b', 'c', 'new']],
  ] as const) {
    it(`leaves ${place} before it, if there are so many`, () => {
      const queue = ['a', 'b', 'c'];
      insert(queue, 'new', place);
      expect(queue).to.deep.equal(expected);
    });
  }
});
