import { shadow } from '@pool-lifeguard/core';
import type { OuterPool, Wrapper } from './mariadb-shapes.ts';

/**
 * Lets a lease end once. mariadb's own `release()` of a wrapper whose lease is over would take the
 * connection away from whoever has it now. Returns the function that undoes it for later leases.
 */
export function releaseOnce(outer: OuterPool): () => void {
  const { getConnection } = outer;
  return shadow(outer, 'getConnection', (callback) => {
    if (callback) {
      return getConnection.call(outer, (error, ...rest) => {
        callback(error, ...rest.map((wrapper) => wrapper && once(wrapper)));
      });
    }
    // Without a callback, only the promise pool goes on from here.
    const borrowed = getConnection.call(outer, callback) as Promise<Wrapper>;
    return borrowed.then(once);
  });
}

function once<W extends Wrapper>(wrapper: W): W {
  const { release } = wrapper;
  let released: { readonly result: unknown } | undefined;
  const first = (callback?: () => void): unknown => {
    if (!released) {
      released = { result: undefined };
      released = { result: release.call(wrapper, callback) };
    } else if (typeof callback === 'function') process.nextTick(callback);
    return released.result;
  };
  wrapper.release = first;
  wrapper.end = first;
  wrapper.close = first;
  return wrapper;
}
