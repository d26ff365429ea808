import { seeded } from '@pool-lifeguard/testkit';
import { DialLog, type Span } from './dial-log.ts';
import { GuardedInstance } from './guarded-instance.ts';
import type { Instance } from './instance.ts';
import { Load, near } from './load.ts';
import { NaiveInstance } from './naive-instance.ts';
import { Network } from './network.ts';
import { Server } from './server.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What happens to the fleet, in seconds after its deploy. */
export interface Day {
  readonly instances: number;
  readonly poolSize: number;
  readonly seconds: number;
  readonly outage: Span;
  readonly failoverAt: number;
  readonly seed: number;
}

/** What the instances of a fleet do their dialing by. */
export const CONTESTANTS = ['lifeguard', 'no jitter', 'naive'] as const;
export type Contestant = (typeof CONTESTANTS)[number];

/** What became of one day. */
export interface Outcome {
  readonly contestant: Contestant;
  readonly log: DialLog;
  readonly server: Server;
  /** Borrows that ended with an error. */
  readonly failedBorrows: number;
  readonly events: number;
}

/** Lives through a day with a fleet, on a clock of its own: the same day each time. */
export async function live(day: Day, contestant: Contestant): Promise<Outcome> {
  const { stackTraceLimit } = Error;
  // Thousands of borrows fail in an outage, and nobody reads where.
  Error.stackTraceLimit = 0;
  try {
    return await liveThrough(day, contestant);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function liveThrough(day: Day, contestant: Contestant): Promise<Outcome> {
  const { instances, poolSize, seconds, outage, failoverAt, seed } = day;
  const clock = new VirtualClock();
  const log = new DialLog(instances, seconds);
  const server = new Server(instances, instances * poolSize);
  const network = new Network(clock, server, log, seeded(seed));
  const closely = [near(outage), near({ from: failoverAt, to: failoverAt })];
  const fleet = Array.from({ length: instances }, (_, owner) =>
    instanceOf(contestant, network, owner, day),
  );
  fleet.forEach((instance, owner) => {
    instance.start();
    new Load(clock, instance, closely, seeded(seed + 2 * owner + 1)).start();
  });
  clock.timer(outage.from * 1_000, () => {
    server.crash();
    for (const instance of fleet) instance.reset();
  });
  clock.timer(outage.to * 1_000, () => server.restart());
  clock.timer(failoverAt * 1_000, () => server.failOver());
  await watch(clock, log, server);
  const failedBorrows = fleet.reduce((total, one) => total + failedBorrowsOf(one), 0);
  return { contestant, log, server, failedBorrows, events: clock.events };
}

/** The day, second by second. */
async function watch(clock: VirtualClock, log: DialLog, server: Server): Promise<void> {
  for (let second = 0; second < log.seconds; second++) {
    await clock.run((second + 1) * 1_000);
    log.open[second] = server.open;
  }
}

function instanceOf(kind: Contestant, network: Network, owner: number, day: Day): Instance {
  const { poolSize, seed } = day;
  if (kind === 'naive') return new NaiveInstance(network, owner, poolSize);
  const random = kind === 'no jitter' ? () => 0 : seeded(seed + 2 * owner + 2);
  return new GuardedInstance(network, owner, poolSize, random);
}

const failedBorrowsOf = (instance: Instance): number =>
  instance instanceof GuardedInstance ? instance.failedBorrows : 0;
