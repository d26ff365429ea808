import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@pool-lifeguard/testkit';
import { insert } from '@pool-lifeguard/testkit/conformance';
import type { Scene, Step, Trial } from '@pool-lifeguard/testkit/conformance';
import type { Row } from '../row.ts';
import { CONNECTIONS, drill } from '../workload.ts';
import { begin } from './begin.ts';
import { killed } from './server.ts';

const READ_ONLY_MS = 2_000;

/** They are killed as soon as all of them run. */
const WRITE_S = 10;

/** As many writes as there are connections, each of which takes its time. */
const slowWrites = (trial: Trial): Step[] =>
  Array.from({ length: CONNECTIONS }, (_, value) => ({
    ...insert(trial, value),
    sql: `INSERT INTO ${trial.table} (value) SELECT ? FROM (SELECT SLEEP(${WRITE_S})) AS pause`,
  }));

/** Every slow write runs on the server. */
async function allRun({ server, trials }: Scene): Promise<void> {
  await waitUntil(
    async () => {
      const under = (await server.processList()).filter(({ info = '' }) => info.includes('pause'));
      return under.length >= trials.length * CONNECTIONS;
    },
    { what: 'all writes', timeoutMs: WRITE_S * 1_000 },
  );
}

export const killedInWrite: Row = {
  drill: drill('killed in mid-write', { pool: { proxied: true }, statements: slowWrites }),
  story: 'An administrator kills connections while the server works on their writes.',
  mayFail: 'the write may be stored all the same, and running it again would double it',
  async mishap(scene) {
    await begin(scene);
    await allRun(scene);
    await killed(scene);
  },
};

const transaction = drill('killed in a transaction', {
  // One more is held.
  pool: { connections: CONNECTIONS - 1, connectionLimit: CONNECTIONS, proxied: true },
});

export const killedInTransaction: Row = {
  drill: {
    ...transaction,
    hold: (trial) => trial.hold({ do: 'begin' }, insert(trial, 1)),
    plan: (trial) => ({
      ...transaction.plan(trial),
      on: trial.held,
      steps: [insert(trial, 2), { do: 'commit' }],
      inTurn: true,
    }),
    async afterwards(trial) {
      await trial.run([{ do: 'rollback' }, { do: 'release' }], trial.held);
      return (await transaction.afterwards?.(trial)) ?? [];
    },
  },
  story:
    'An administrator kills a connection after the first of two writes of a transaction. The second ' +
    'and the commit come 50 ms later.',
  mayFail: 'the first write is lost, so the second must not be stored alone',
  promised({ outcomes }) {
    const committed = outcomes[1]?.ok === true;
    return { stored: committed ? [1, 2] : [], absent: committed ? [] : [1, 2] };
  },
  async mishap(scene) {
    await killed(scene);
    await begin(scene, 50);
  },
};

const readOnly = drill('failover to read-only');

/** A user that the option concerns, unlike an administrator, and that goes with its database. */
async function writerOf({ candidate, server }: Trial): Promise<{ user: string; password: string }> {
  const [user, password] = [candidate.database, 'w'];
  await server.query("CREATE USER ?@'%' IDENTIFIED BY ?", [user, password]);
  await server.query("GRANT SELECT, INSERT ON ??.* TO ?@'%'", [candidate.database, user]);
  return { user, password };
}

/** To be brought about by itself: it concerns everybody who writes. */
export const failover: Row = {
  drill: {
    ...readOnly,
    async prepare(trial) {
      await trial.createTable();
      await trial.open({ connections: CONNECTIONS, login: await writerOf(trial) });
    },
    async afterwards(trial) {
      const outcomes = (await readOnly.afterwards?.(trial)) ?? [];
      await trial.server.query("DROP USER ?@'%'", [trial.candidate.database]);
      return outcomes;
    },
  },
  story: `The server is read-only for ${READ_ONLY_MS} ms. Statements come as soon as it is.`,
  async mishap(scene) {
    await scene.server.setGlobal('read_only', 1);
    await begin(scene);
    await sleep(READ_ONLY_MS);
    await scene.server.setGlobal('read_only', 0);
  },
};
