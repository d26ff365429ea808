import { expect } from 'chai';
import { registry } from '../src/registry.ts';
import { anotherCopy } from './support/another-copy.ts';

const otherCopy = await anotherCopy<{ registry: typeof registry }>('registry');

describe('the registry', () => {
  it('knows what was entered until it is deleted', () => {
    const [pool, guard] = [{}, {}];
    const pools = registry('test-pools');
    expect(pools.get(pool)).to.equal(undefined);
    pools.set(pool, guard);
    expect(pools.get(pool)).to.equal(guard);
    expect(pools.delete(pool)).to.equal(true);
    expect(pools.get(pool)).to.equal(undefined);
    expect(pools.delete(pool)).to.equal(false);
  });

  it('is one for each kind', () => {
    const pool = {};
    registry('test-a').set(pool, {});
    expect(registry('test-b').get(pool)).to.equal(undefined);
    expect(registry('test-a')).to.equal(registry('test-a'));
  });

  it('is shared by all copies of the package', () => {
    const [pool, guard] = [{}, {}];
    expect(otherCopy.registry).not.to.equal(registry);
    registry('test-copies').set(pool, guard);
    expect(otherCopy.registry('test-copies').get(pool)).to.equal(guard);
  });
});
