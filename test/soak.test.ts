import { FLAVOURS, FLAVOUR_FACTS } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { newSeed } from './soak/options.ts';
import { reportOf } from './soak/report.ts';
import { soak } from './soak/soak.ts';
import { canBeSoaked } from './soak/stage.ts';

/** With the start of the servers and what is counted after each lap it is about a minute. */
const TRAFFIC_MS = 45_000;
/** On a busy machine. */
const REST_MS = 120_000;

describe('random traffic under random faults of every kind', () => {
  const seed = newSeed();

  it('fails only where a fault explains it, and leaves nothing behind', async function () {
    this.timeout(15 * 60_000);
    const possible = await Promise.all(FLAVOURS.map(canBeSoaked));
    const flavours = FLAVOURS.filter((_, place) => possible[place]);
    if (flavours.length === 0) this.skip();
    this.timeout(TRAFFIC_MS + REST_MS);
    // On all at the same time: most of it is waiting.
    const say = (): void => undefined;
    const runs = flavours.map((flavour) => soak({ flavour, ms: TRAFFIC_MS, seed, say }));
    for (const [place, findings] of (await Promise.all(runs)).entries()) {
      const { label } = FLAVOUR_FACTS[flavours[place]!];
      expect(findings.troubles, `${label}, seed ${seed}\n${reportOf(findings)}`).to.deep.equal([]);
    }
  });
});
