import type { Scene } from './scene.ts';
import { BEFORE, ONCE } from './visits.ts';

/** Users who come while nobody listens. */
const MEANWHILE = { rounds: 3, everyMs: 200 };

export const restart: Scene = {
  name: 'restart',
  title: 'Server restart',
  short: 'Restart',
  story:
    'The server is shut down and started again. Users come while it is away, and once more when it ' +
    'is back.',
  idleLimit: 'short',
  restartsServer: true,
  async play(stage) {
    await stage.both((app) => app.visit(BEFORE));
    await stage.shutDown();
    await Promise.all([stage.both((app) => app.visit(MEANWHILE)), stage.startAgain()]);
    stage.say('the server is back, users come once more');
    await stage.both((app) => app.visit(ONCE));
  },
};
