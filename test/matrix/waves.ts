import { whileBlocked, whileFrozen } from '@pool-lifeguard/testkit/conformance';
import * as network from './faults/network.ts';
import * as server from './faults/server.ts';
import * as writes from './faults/writes.ts';
import { wave, type Wave } from './row.ts';

/** Every fault, by what can happen at the same time, in the order of the matrix. */
export const WAVES: readonly Wave[] = [
  wave('idle', [server.idle], { globals: server.IDLE_LIMIT }),
  wave('idle and frozen', [server.idleFrozen], {
    globals: server.IDLE_LIMIT,
    meanwhile: whileFrozen,
  }),
  wave('killed and frozen', [server.killedFrozen], { meanwhile: whileFrozen }),
  // Those who use their connections without pause do so while the others are silent.
  wave('old and silent', [network.lifetime, network.silentDrop, network.forgottenFlow]),
  wave('cut', [
    server.killedIdle,
    network.cutStatement,
    network.cutAnswer,
    writes.killedInWrite,
    writes.killedInTransaction,
  ]),
  wave('blocked', [network.seenByTheWriteOnly], { meanwhile: whileBlocked }),
  // Administrators, as whom the others log in, may write all the same.
  wave('away', [network.outage, writes.failover]),
  ...(['SIGTERM', 'SIGKILL'] as const).flatMap((signal) => [
    wave(`restart by ${signal}`, [server.restartedFrozen(signal)], { meanwhile: whileFrozen }),
    wave(`down after ${signal}`, [server.down(signal)]),
  ]),
];
