import type { Fault } from '../fault.ts';
import { heldChecks, heldReads } from '../checks/held-checks.ts';
import { poolChecks } from '../checks/pool-checks.ts';
import { transactionChecks } from '../checks/transaction-checks.ts';
import { closedByServer, whileBlocked, whileFrozen, whileIdle } from '../strikes.ts';

// Longer than a busy machine takes to open what the checks need. The server's clock has a grain of
// a second: a limit of 5 s ends a connection after 5 to 6 s.
const globals = { wait_timeout: 5 };

/** Idle past `wait_timeout`, in a process that sees it, and in one that does not. */
export const idleFaults: readonly Fault[] = [
  {
    title: 'idle past wait_timeout',
    essential: true,
    globals,
    // A free loop sees the close, so the pool itself does without.
    checks: [...poolChecks({ bare: undefined }), ...heldChecks(), ...transactionChecks()],
    strike: whileIdle(closedByServer),
  },
  {
    title: 'idle past wait_timeout, the process frozen meanwhile',
    essential: true,
    globals,
    checks: [...poolChecks(), heldReads()],
    strike: whileFrozen(closedByServer),
  },
  {
    title: 'idle past wait_timeout, the event loop blocked meanwhile',
    globals,
    checks: [...poolChecks(), ...heldChecks(), ...transactionChecks()],
    strike: whileBlocked(closedByServer),
  },
];
