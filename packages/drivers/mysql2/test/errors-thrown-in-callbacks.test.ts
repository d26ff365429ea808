import { eachServer, spawnChild, type FrozenChild } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Aftermath, Throwing } from './children/throwing.ts';

const SCRIPT = new URL('children/throwing.ts', import.meta.url);

const WAYS: readonly Throwing['lifeguard'][] = [
  {},
  { aliveBypassWindow: 0 },
  { aliveBypassWindow: 0, pingIdleAfter: 0 },
];

const USEFUL = { answers: [1, 2, 3, 4, 5], stuck: { opening: 0, validating: 0, pending: 0 } };
const OWN = ["the application's own"];

/** Where it is thrown, and what is seen of it in a bare process. */
const PLACES: readonly (readonly [where: Throwing['where'], bareUncaught: string[]])[] = [
  ['the callback of a borrow of an idle connection', OWN],
  ['the callback of a borrow that waited', OWN],
  ['the callback of a query', OWN],
  ["a listener of 'connection'", []],
  ["a listener of 'acquire'", OWN],
  ["a listener of 'release'", OWN],
];

describe("an application's error thrown in", () => {
  let child: FrozenChild;
  beforeEach('start a process for it', async () => (child = await spawnChild(SCRIPT)));
  afterEach(() => child.kill());

  eachServer((server) => {
    const run = (
      where: Throwing['where'],
      lifeguard?: Throwing['lifeguard'],
    ): Promise<Aftermath> => {
      const options = { ...server().connectionOptions(), connectionLimit: 3 };
      return child.call<Aftermath>('run', { where, lifeguard, options });
    };

    for (const [where, uncaught] of PLACES) {
      it(`${where} leaves the pool as useful as it leaves a bare one`, async () => {
        const bare = await run(where);
        expect(bare).to.deep.equal({ uncaught, ...USEFUL });
        for (const way of WAYS) {
          const guarded = await run(where, way);
          expect(guarded, JSON.stringify(way)).to.deep.equal({ uncaught, ...USEFUL });
        }
      });
    }

    it('the callback of a borrow that dials is seen; bare the driver takes it for its own', async () => {
      const where = 'the callback of a borrow that dials';
      expect(await run(where)).to.deep.include(USEFUL);
      for (const way of WAYS) {
        const guarded = await run(where, way);
        expect(guarded).to.deep.equal({ uncaught: OWN, ...USEFUL });
      }
    });
  });
});
