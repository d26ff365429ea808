import { findServer, FLAVOURS, FLAVOUR_FACTS } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { newSeed } from './soak/options.ts';
import { reportOf } from './soak/report.ts';
import { soak, type Findings } from './soak/soak.ts';

const TRAFFIC_MS = 55_000;

/** Also the server's start and stop, and what is counted after each lap. */
const REST_MS = 120_000;

describe('a minute of random traffic under random faults of every kind', () => {
  const seed = newSeed();
  const runs = new Map<string, Promise<Findings>>();

  before('find servers', async function () {
    this.timeout(15 * 60_000);
    for (const flavour of FLAVOURS) await findServer(flavour);
    // Both at the same time: most of it is waiting.
    for (const flavour of FLAVOURS) {
      const run = soak({ flavour, ms: TRAFFIC_MS, seed, say: () => undefined });
      run.catch(() => undefined);
      runs.set(flavour, run);
    }
  });

  for (const flavour of FLAVOURS) {
    it(`leaves nothing unexplained and nothing behind on ${FLAVOUR_FACTS[flavour].label}`, async function () {
      this.timeout(TRAFFIC_MS + REST_MS);
      const findings = await runs.get(flavour);
      expect(findings?.troubles, `seed ${seed}\n${findings && reportOf(findings)}`).to.deep.equal(
        [],
      );
    });
  }
});
