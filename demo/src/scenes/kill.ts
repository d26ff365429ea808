import type { Scene } from './scene.ts';
import { AFTER, BEFORE } from './visits.ts';

/** Long enough to kill every connection one by one. */
const COMPUTING_MS = 1_000;

export const kill: Scene = {
  name: 'kill',
  title: 'KILL of all connections',
  short: 'KILL',
  story:
    'An administrator kills every connection while the application computes for a second without ' +
    'a pause. Then users come.',
  idleLimit: 'short',
  async play(stage) {
    await stage.both((app) => app.visit(BEFORE));
    stage.say('killing every connection while the application computes');
    const visited: Promise<void>[] = [];
    await stage.both(async (app) => {
      const computing = app.compute({ ...AFTER, forMs: COMPUTING_MS });
      visited.push(computing.visited);
      await computing.began;
    });
    await stage.killAll();
    await Promise.all(visited);
  },
};
