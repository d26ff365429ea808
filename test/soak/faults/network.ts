import { pause, victimsIn, type Fault, type Scene } from './fault.ts';

/** Cuts what fell silent, of which something may have been swallowed, and lets new ones through. */
async function recover({ proxy }: Scene): Promise<void> {
  proxy.reset();
  await proxy.pass();
}

/** What networks do. */
export const networkFaults: Readonly<Record<string, Fault>> = {
  'a reset': (scene, feel) => feel(['severs'], () => scene.proxy.reset(victimsIn(scene))),

  'a close': (scene, feel) => feel(['severs'], () => scene.proxy.close(victimsIn(scene))),

  'a reset in the middle of a packet': (scene, feel) =>
    feel(['severs'], async () => {
      const { proxy, random } = scene;
      proxy.resetAfter(random.pick(['client', 'server']), random.between(1, 2_000));
      await pause(scene, 50, 400);
      // Those which have not sent so much would be cut at any time.
      proxy.reset();
    }),

  'forgotten flows': (scene, feel) =>
    feel(['severs'], async () => {
      scene.proxy.forget(victimsIn(scene));
      await pause(scene, 50, 800);
      await recover(scene);
    }),

  // Nobody ends a statement in a black hole, so the reset does.
  'a black hole': (scene, feel) =>
    feel(['severs'], async () => {
      scene.proxy.blackhole('existing');
      await pause(scene, 100, 2_500);
      await recover(scene);
    }),

  'a black hole, for new connections too': (scene, feel) =>
    feel(['severs', 'outage'], async () => {
      scene.proxy.blackhole('all');
      await pause(scene, 100, 2_000);
      await recover(scene);
    }),

  'refused connections': (scene, feel) =>
    feel(['outage'], async () => {
      const { proxy } = scene;
      await proxy.refuse();
      await feel(['severs'], () => proxy.reset(victimsIn(scene)));
      await pause(scene, 100, 2_000);
      await proxy.pass();
    }),

  'slow bytes': (scene, feel) =>
    feel([], async () => {
      scene.proxy.delay(scene.random.between(5, 80));
      await pause(scene, 200, 1_000);
      await scene.proxy.pass();
    }),
};
