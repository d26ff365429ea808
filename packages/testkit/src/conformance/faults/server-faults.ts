import type { Fault } from '../fault.ts';
import { heldReads } from '../checks/held-checks.ts';
import { poolChecks } from '../checks/pool-checks.ts';
import { killed, restarted, whileFrozen, whileIdle } from '../strikes.ts';

const SIGNALS = [
  { signal: 'SIGTERM', title: 'server restarted', essential: true },
  { signal: 'SIGKILL', title: 'server killed with SIGKILL and restarted', essential: false },
] as const;

const restarts: readonly Fault[] = SIGNALS.flatMap(({ signal, title, essential }): Fault[] => [
  {
    title: `${title} while the pool is idle`,
    essential,
    needs: ['restart'],
    checks: [...poolChecks({ bare: undefined }), heldReads()],
    strike: whileIdle(restarted(signal)),
  },
  {
    title: `${title} while the process is frozen`,
    essential,
    needs: ['restart'],
    checks: [...poolChecks(), heldReads()],
    strike: whileFrozen(restarted(signal)),
  },
]);

/** What the server does to connections by itself or by its administrator. */
export const serverFaults: readonly Fault[] = [
  {
    title: 'every idle connection killed by the server, used 50 ms later',
    essential: true,
    checks: [...poolChecks({ bare: undefined }), heldReads()],
    strike: whileIdle(killed, { thenMs: 50 }),
  },
  ...restarts,
];
