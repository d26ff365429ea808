import { setTimeout as sleep } from 'node:timers/promises';
import { pause, type Fault, type Feel, type Scene } from './fault.ts';

/**
 * The server's idle limit is a second, for connections that are opened meanwhile, and the
 * application does nothing with them. Those that still have the limit are closed in the end.
 */
async function idleBeyondLimit(
  { server, proxy }: Scene,
  feel: Feel,
  idle: () => Promise<unknown>,
): Promise<void> {
  await server.setGlobal('wait_timeout', 1);
  await feel(['severs'], () => proxy.close());
  await feel(['severs idle'], async () => {
    await sleep(400);
    await idle();
    await server.restoreGlobals();
  });
  await feel(['severs', 'severs idle'], () => proxy.close());
}

/** What happens in the process of the application, or while nothing happens in it. */
export const applicationFaults: Readonly<Record<string, Fault>> = {
  'a blocked event loop': ({ application, random }, feel) =>
    feel([], () => application.call('block', random.between(50, 800))),

  async 'a short block, and a close meanwhile'({ application, proxy, random }, feel) {
    const blocked = application.call('block', random.between(200, 450));
    await sleep(50);
    await feel(['severs'], () => proxy.close());
    await blocked;
  },

  async 'a long block, and a close meanwhile'({ application, proxy, random }, feel) {
    const blocked = application.call('block', random.between(1_000, 1_400));
    await sleep(50);
    await feel(['severs'], () => proxy.close());
    await blocked;
  },

  'a frozen process': (scene, feel) =>
    feel([], async () => {
      await scene.application.freeze();
      await pause(scene, 100, 2_000);
      await scene.application.thaw();
    }),

  async 'a short freeze, and a KILL meanwhile'({ application, server, database }, feel) {
    await application.freeze();
    await feel(['severs'], () => server.killAll({ db: database }));
    await application.thaw();
  },

  async 'a long freeze, and a KILL meanwhile'(scene, feel) {
    const { application, server, database } = scene;
    await application.freeze();
    await feel(['severs'], () => server.killAll({ db: database }));
    await pause(scene, 1_000, 1_600);
    await application.thaw();
  },

  'quiet beyond the idle limit': (scene, feel) =>
    idleBeyondLimit(scene, feel, async () => {
      await scene.application.call('rest', 2_500);
      await sleep(3_000);
    }),

  'frozen beyond the idle limit': (scene, feel) =>
    idleBeyondLimit(scene, feel, async () => {
      // What was just being sent is sent too late; what begins afterwards must not feel it.
      await feel(['severs'], () => frozenFor(scene, 2_500), 0);
      await sleep(500);
    }),
};

async function frozenFor({ application }: Scene, ms: number): Promise<void> {
  await application.freeze();
  await sleep(ms);
  await application.thaw();
}
