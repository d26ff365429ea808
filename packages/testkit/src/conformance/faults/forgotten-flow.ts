import { setTimeout as sleep } from 'node:timers/promises';
import { heldReads } from '../checks/held-checks.ts';
import { poolChecks } from '../checks/pool-checks.ts';
import type { Check, Fault } from '../fault.ts';
import type { Settings } from '../subject.ts';

const SILENCE_MS = 200;

function forgotten(title: string, lifeguard: Settings): Check[] {
  const bypass = { aliveBypassWindow: SILENCE_MS / 2 };
  const pool = { connectionLimit: 10, lifeguard: { ...bypass, ...lifeguard }, proxied: true };
  return [...poolChecks({ pool }), heldReads({ pool: { ...pool, connections: 1 } })].map(
    (check) => ({ ...check, title: `${check.title}, ${title}` }),
  );
}

/** Connections of which a NAT has forgotten: nothing is closed, and the next write is answered by RST. */
export const forgottenFlow: Fault = {
  title: 'flows forgotten by a NAT',
  checks: [
    ...forgotten('pool silent', { pingAfter: SILENCE_MS }),
    ...forgotten('connection silent', { pingIdleAfter: SILENCE_MS }),
  ],
  async strike({ trials }) {
    for (const { proxy } of trials) proxy.forget('existing');
    // What counts here is the guard's own clock: it must not have heard the server for so long.
    await sleep(SILENCE_MS + 50);
  },
};
