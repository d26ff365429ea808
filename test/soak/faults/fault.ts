import type { DatabaseServer, FaultProxy, FrozenChild, Victims } from '@pool-lifeguard/testkit';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Effect } from '../incidents.ts';
import type { Random } from '../random.ts';

/** All that faults are made of. */
export interface Scene {
  readonly server: DatabaseServer;
  readonly database: string;
  readonly proxy: FaultProxy;
  readonly application: FrozenChild;
  readonly random: Random;
}

/**
 * Does something that the application feels so; its beginning and its end are noted, and how long
 * afterwards it may still be felt, where that is not as always.
 */
export type Feel = (
  effects: readonly Effect[],
  act: () => unknown,
  aftermathMs?: number,
) => Promise<void>;

/** Something that goes wrong; when it resolves, it is over. */
export type Fault = (scene: Scene, feel: Feel) => Promise<unknown>;

/** All connections, or one of them. */
export function victimsIn({ proxy, random }: Scene): Victims {
  const open = proxy.connections().filter((connection) => connection.open);
  if (open.length === 0 || random.chance(0.6)) return 'existing';
  return random.pick(open).clientPort;
}

/** A pause of a random length. */
export function pause({ random }: Scene, low: number, high: number): Promise<void> {
  return sleep(random.between(low, high));
}
