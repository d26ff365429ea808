import { heldReads } from '../checks/held-checks.ts';
import { poolChecks } from '../checks/pool-checks.ts';
import type { Fault, Scene } from '../fault.ts';
import { whileBlocked } from '../strikes.ts';

const HOUR_MS = 3_600_000;
/** Whatever happens, connections count as used a moment ago, and are lent without a look. */
const UNDOUBTED = { aliveBypassWindow: HOUR_MS, pingAfter: HOUR_MS, pingIdleAfter: HOUR_MS };

function reset({ trials }: Scene): Promise<void> {
  for (const { proxy } of trials) proxy.reset();
  return Promise.resolve();
}

/**
 * Connections that die in the moment between their last validation and the statement, so that only
 * the failed write tells: a statement that the server certainly has not run is run again.
 */
export const tooLateToSee: Fault = {
  title: 'connections reset when it is too late to see it',
  checks: [
    ...poolChecks({ pool: { proxied: true, lifeguard: UNDOUBTED } }),
    heldReads({
      pool: { connections: 1, connectionLimit: 3, proxied: true, lifeguard: UNDOUBTED },
    }),
  ],
  strike: whileBlocked(reset),
};
