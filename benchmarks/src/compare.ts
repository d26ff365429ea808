import type { DatabaseServer } from '@pool-lifeguard/testkit';
import { figuresOf, type Figure, type Readings, type Sides } from './figures.ts';
import { collectYoung } from './garbage.ts';

/** What a benchmark is given beside its subject. */
export interface Plan {
  readonly server: DatabaseServer;
  /** The server as the figures name it. */
  readonly serverName: string;
  readonly pairs: number;
  /** How long one side of a pair is measured, in milliseconds. */
  readonly sideMs: number;
  /** Tells what is being measured. */
  readonly say: (line: string) => void;
}

/**
 * Measures both sides in pairs, close to each other in time, so that whatever slows the machine
 * down meets both; who goes first alternates too.
 */
export async function compare<T>(
  plan: Plan,
  name: string,
  sides: Sides<T>,
  measure: (side: T) => Promise<Readings>,
): Promise<Figure[]> {
  plan.say(`${plan.serverName}: ${name}`);
  const pairs: Sides<Readings>[] = [];
  for (let pair = 0; pair < plan.pairs; pair++) {
    const bareFirst = pair % 2 === 0;
    const first = await measureClean(bareFirst ? sides.bare : sides.guarded, measure);
    const second = await measureClean(bareFirst ? sides.guarded : sides.bare, measure);
    pairs.push(bareFirst ? { bare: first, guarded: second } : { bare: second, guarded: first });
  }
  return figuresOf(plan.serverName, name, pairs);
}

/** No side pays for the garbage of the other. */
function measureClean<T>(side: T, measure: (side: T) => Promise<Readings>): Promise<Readings> {
  collectYoung();
  return measure(side);
}
