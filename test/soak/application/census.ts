import { turns } from '@pool-lifeguard/testkit';
import type { Guard } from '@pool-lifeguard/typeorm';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Orm } from './outcome.ts';
import { runningTimers } from './timers.ts';

/** What a process holds when nobody wants anything of it. */
export interface Census {
  readonly stats: Readonly<Record<Orm, ReturnType<Guard['stats']>>>;
  /** TCP sockets that keep the process alive. */
  readonly sockets: number;
  readonly timers: number;
  readonly heapBytes: number;
}

/** Counts at once; `clean` is to come before. */
export function census(stats: Census['stats']): Census {
  collectGarbage();
  const { heapUsed: heapBytes } = process.memoryUsage();
  return { stats, sockets: sockets(), timers: runningTimers(), heapBytes };
}

/** How many TCP sockets keep this process alive. */
export function sockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}

/** Lets go of what is only held until the next turn, or until the next collection. */
export async function clean(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await turns();
    collectGarbage();
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
