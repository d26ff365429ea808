// The command behind `npm run fleet`: a day of a fleet, three times over, written to `docs/fleet.md`.
// A smaller fleet, as LIFEGUARD_FLEET_INSTANCES=200, is done sooner.
import { writePage } from '@pool-lifeguard/testkit';
import { CONTESTANTS, live, type Day, type Outcome } from './day.ts';
import { goals } from './goals.ts';
import { pageOf, WHOLE_FLEET } from './page.ts';

const HOUR = 3_600;
const DAY: Day = {
  instances: Number(process.env['LIFEGUARD_FLEET_INSTANCES'] ?? WHOLE_FLEET),
  poolSize: 20,
  seconds: 24 * HOUR,
  outage: { from: 12 * HOUR, to: 12 * HOUR + 300 },
  failoverAt: 18 * HOUR,
  seed: 20,
};

/** Progress: the page itself is the same each time, and tells no times of the machine. */
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const outcomes: Outcome[] = [];
for (const contestant of CONTESTANTS) {
  const since = performance.now();
  const outcome = await live(DAY, contestant);
  const seconds = (performance.now() - since) / 1_000;
  say(`${contestant}: ${outcome.events} events in ${seconds.toFixed(0)} s`);
  for (const { isMet, title, found } of goals(DAY, outcome)) {
    say(`  ${isMet ? 'met' : 'NOT MET'}: ${title}: ${found}`);
  }
  outcomes.push(outcome);
}
await writePage('docs/fleet.md', pageOf(DAY, outcomes));
