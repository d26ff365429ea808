import { eachServer, spawnChild } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Plan, SeenSpan } from './children/traced.ts';

const SCRIPT = new URL('children/traced.ts', import.meta.url);

const BARE: Plan['order'] = ['instrument', 'create'];

/** When the guard comes before the instrumentation, and when after it. */
const ORDERS: Readonly<Record<string, Plan['order']>> = {
  'before the pool and the guard': ['instrument', 'create', 'guard'],
  'after the guard': ['create', 'guard', 'instrument'],
  'between the pool and the guard': ['create', 'instrument', 'guard'],
};

describe("OpenTelemetry's instrumentation of mysql2", function () {
  this.timeout(30_000);

  eachServer((server) => {
    let bare: SeenSpan[];
    before('see what it tells of a bare pool', async () => (bare = await spansOf(BARE)));

    // A waiter's statement is sent from the answer to the one before, in the context of the dial.
    it('tells of each statement of a bare pool, but mistakes the parent of one that waited', () => {
      const parents = ['pool.query', 'pool.execute', 'failing', 'connection', 'stream', 'first'];
      expect(bare.map(({ parent }) => parent)).to.deep.equal([...parents, 'pool.query']);
      expect(bare.filter(({ failed }) => failed).length).to.equal(1);
    });

    for (const [when, order] of Object.entries(ORDERS)) {
      it(`that comes ${when} tells the same, and the right parent`, async () => {
        const guarded = await spansOf(order);
        const expected = bare.map((span, index) =>
          index === 6 ? { ...span, parent: 'waiter' } : span,
        );
        expect(guarded).to.deep.equal(expected);
      });
    }

    async function spansOf(order: Plan['order']): Promise<SeenSpan[]> {
      const child = await spawnChild(SCRIPT);
      try {
        const options = { ...server().connectionOptions(), connectionLimit: 1 };
        return await child.call<SeenSpan[]>('run', { options, order });
      } finally {
        await child.kill();
      }
    }
  });
});
