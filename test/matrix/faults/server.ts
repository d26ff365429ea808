import { setTimeout as sleep } from 'node:timers/promises';
import { closedByServer, restarted } from '@pool-lifeguard/testkit/conformance';
import type { Mishap } from '@pool-lifeguard/testkit/conformance';
import type { Row } from '../row.ts';
import { drill } from '../workload.ts';
import { begin } from './begin.ts';

type Signal = 'SIGTERM' | 'SIGKILL';

const RESTARTS = { needs: ['restart'] } as const;
const DOWN_MS = 1_500;
/** On a busy machine a server takes its time to start. */
const START_MS = 30_000;

/** Longer than a busy machine takes to open the pools; the server's clock has a grain of a second. */
export const IDLE_LIMIT = { wait_timeout: 5 };

/** An administrator kills the connections of these pools, each of which leads through a proxy. */
export const killed: Mishap = async ({ server, trials }) => {
  const connections = trials.flatMap(({ proxy }) => proxy.connections());
  await server.killAll({ clientPorts: connections.map(({ upstreamPort }) => upstreamPort) });
};

/** To be brought about with `IDLE_LIMIT`. */
export const idle: Row = {
  drill: drill('idle past wait_timeout'),
  story: 'The server closes idle connections, while the event loop is free to see it.',
  mishap: closedByServer,
};

/** To be brought about with `IDLE_LIMIT`, while the process is frozen. */
export const idleFrozen: Row = {
  drill: drill('idle past wait_timeout, frozen'),
  story:
    'The server closes idle connections while the process is frozen (SIGSTOP), as a function between ' +
    'two calls is.',
  mishap: closedByServer,
};

export const killedIdle: Row = {
  drill: drill('killed while idle', { pool: { proxied: true } }),
  story: 'An administrator kills idle connections. Statements come 50 ms later.',
  async mishap(scene) {
    await killed(scene);
    await begin(scene, 50);
  },
};

/** To be brought about while the process is frozen. */
export const killedFrozen: Row = {
  drill: drill('killed, frozen', { pool: { proxied: true } }),
  story: 'An administrator kills idle connections while the process is frozen (SIGSTOP).',
  mishap: killed,
};

/** To be brought about while the process is frozen. */
export function restartedFrozen(signal: Signal): Row {
  return {
    drill: drill(`restarted by ${signal}, frozen`, RESTARTS),
    story: `The server is ended by ${signal} and started again while the process is frozen (SIGSTOP).`,
    mishap: restarted(signal),
  };
}

export function down(signal: Signal): Row {
  return {
    drill: drill(`down after ${signal}`, {
      ...RESTARTS,
      pool: { lifeguard: { connectionTimeout: START_MS } },
      patienceMs: START_MS + 5_000,
    }),
    story:
      `The server is ended by ${signal} and is away for ${DOWN_MS} ms and its start. Statements come ` +
      `meanwhile. \`connectionTimeout\` is ${START_MS} ms.`,
    async mishap(scene) {
      await scene.server.down({ signal });
      await begin(scene);
      await sleep(DOWN_MS);
      await scene.server.up();
    },
  };
}
