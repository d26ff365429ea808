import { eachServer, failureOf, spawnChild, type FrozenChild } from '@pool-lifeguard/testkit';
import { expect } from 'chai';

const SCRIPT = new URL('children/second-error.ts', import.meta.url);

describe("a connection's second 'error'", () => {
  eachServer((server) => {
    let child: FrozenChild;
    beforeEach(async () => (child = await spawnChild(SCRIPT)));
    afterEach(() => child.kill());

    const killAfterHolding = async (guarded: boolean): Promise<void> => {
      const options = { ...server().connectionOptions(), connectionLimit: 1 };
      await server().kill(await child.call<number>('hold', { options, guarded }));
    };

    it('ends a bare process, because nobody listens any more', async () => {
      await killAfterHolding(false);
      await failureOf(child.call('useAfterItsEnd'));
      expect(await child.exit).to.deep.equal({ code: 1, signal: null });
      expect(child.stderr).to.include("Unhandled 'error' event");
    });

    it('does not end a guarded one, and the pool goes on', async () => {
      await killAfterHolding(true);
      expect(await child.call('useAfterItsEnd')).to.equal(3);
      expect(child.stderr).not.to.include('Error');
    });
  });
});
