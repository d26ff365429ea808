import { pause, type Fault } from './fault.ts';

const restart =
  (signal: 'SIGTERM' | 'SIGKILL'): Fault =>
  ({ server, random }, feel) =>
    feel(['severs', 'outage'], () =>
      server.restart({ signal, downForMs: random.between(0, 1_500) }),
    );

/** What servers do. */
export const serverFaults: Readonly<Record<string, Fault>> = {
  'a KILL of all': ({ server, database }, feel) =>
    feel(['severs'], () => server.killAll({ db: database })),

  async 'a KILL of one'({ server, database, random }, feel) {
    const rows = (await server.processList()).filter(({ db }) => db === database);
    if (rows.length > 0) await feel(['severs'], () => server.kill(random.pick(rows).id));
  },

  'a time of being read-only': (scene, feel) =>
    feel(['read-only'], async () => {
      await scene.server.setGlobal('read_only', 1);
      await pause(scene, 50, 1_000);
      await scene.server.restoreGlobals();
    }),

  'a restart': restart('SIGTERM'),

  'a crash': restart('SIGKILL'),

  'a standstill of the server': (scene, feel) =>
    feel([], async () => {
      await scene.server.freeze();
      await pause(scene, 100, 2_000);
      await scene.server.thaw();
    }),
};
