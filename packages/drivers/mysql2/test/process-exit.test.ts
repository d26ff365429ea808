import { eachServer, freePort, spawnChild, type FrozenChild } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import type { Errands } from './children/exiting.ts';

const SCRIPT = new URL('children/exiting.ts', import.meta.url);

const WAYS: readonly (Pick<Errands, 'lifeguard'> & { readonly way: string })[] = [
  { way: 'bare' },
  { way: 'guarded', lifeguard: {} },
  { way: 'observed', lifeguard: { enabled: 'observe' } },
];

/** And one that does between the borrows whatever it may. */
const KEPT_WARM = { way: 'kept warm', lifeguard: { keepaliveTime: 100, minimumIdle: 2 } };

/** Pools that keep no process alive, though only one of them was ended. */
const LETS_GO: Errands['errands'] = [
  'is never used',
  'was ended',
  'was idle for long, and ended',
  'was closed by the server',
  'has idle, unref’d connections',
  'has unref’d connections used again',
  'has a lent, unref’d connection',
  'has somebody who waits for unref’d ones',
];

/** Pools that keep a bare process alive. */
const HOLDS: Errands['errands'] = [
  'has a lent connection',
  'has somebody who waits',
  'has idle connections',
];

describe('a process', function () {
  this.timeout(30_000);

  eachServer((server) => {
    const children: FrozenChild[] = [];
    afterEach(() => Promise.all(children.splice(0).map((child) => child.kill())));

    const start = async (plan: Omit<Errands, 'options'>, port?: number): Promise<FrozenChild> => {
      const options = { ...server().connectionOptions(), ...(port ? { port } : {}) };
      const child = await spawnChild(SCRIPT, { args: [JSON.stringify({ ...plan, options })] });
      children.push(child);
      return child;
    };

    for (const { way, ...lifeguard } of [...WAYS, KEPT_WARM]) {
      it(`ends by itself whatever pools it has that let it go (${way})`, async () => {
        const child = await start({ errands: LETS_GO, ...lifeguard });
        const { code, signal } = await child.exit;
        expect([code, signal, child.stderr]).to.deep.equal([0, null, '']);
      });
    }

    it('is kept alive by nothing else than a bare one', async () => {
      const holding = WAYS.map(async (lifeguard) => {
        const child = await start({ errands: HOLDS, ...lifeguard });
        return (await child.waitFor('done'))['holding'] as string[];
      });
      const [bare = [], guarded, observed] = await Promise.all(holding);
      expect(bare.filter((what) => what === 'TCPSocketWrap').length).to.equal(5);
      expect(guarded).to.deep.equal(bare);
      expect(observed).to.deep.equal(bare);
    });

    it('with a borrower who waits for a server lives until he is answered, and no longer', async () => {
      const plan = { errands: ['has no server'], lifeguard: { connectionTimeout: 200 } } as const;
      const child = await start(plan, await freePort());
      expect(await child.waitFor('answered')).to.include({ code: 'LIFEGUARD_CONNECTION_TIMEOUT' });
      expect(await child.exit).to.deep.equal({ code: 0, signal: null });
    });
  });
});
