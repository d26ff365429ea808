import { turns } from '@pool-lifeguard/testkit';
import type { Guard } from '@pool-lifeguard/typeorm';
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Orm } from './outcome.ts';
import { runningTimers } from './timers.ts';

/** What a process holds when nobody wants anything of it. */
export interface Census {
  readonly stats: Readonly<Record<Orm, ReturnType<Guard['stats']>>>;
  /** TCP sockets, also those that do not keep the process alive. */
  readonly sockets: number;
  readonly timers: number;
  readonly heapBytes: number;
}

/** Counts at once; `clean` is to come before. */
export function census(stats: Census['stats']): Census {
  const count = sockets();
  collectGarbage();
  const { heapUsed: heapBytes } = process.memoryUsage();
  return { stats, sockets: count, timers: runningTimers(), heapBytes };
}

/** How many client sockets this process has, whether they keep it alive or not. */
export function sockets(): number {
  for (const socket of made) if (socket.destroyed) made.delete(socket);
  return made.size;
}

/** Client sockets, those that have come to their end since the last count included. */
const made = new Set<Socket>();
subscribe('net.client.socket', (message) => made.add((message as { socket: Socket }).socket));

/** Lets go of what is only held until the next turn, or until the next collection. */
export async function clean(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await turns();
    collectGarbage();
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
