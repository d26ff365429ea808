import type { Scene } from './scene.ts';
import { AFTER, BEFORE } from './visits.ts';

/** Long enough to freeze the process before. */
const SOON_MS = 600;

export const frozen: Scene = {
  name: 'frozen',
  title: 'Process frozen meanwhile',
  short: 'Frozen',
  story:
    'The server hangs up on idle connections while the whole process stands still (SIGSTOP), as a ' +
    'suspended container or function does. When it goes on, the users of meanwhile are served ' +
    'before it looks at any socket.',
  idleLimit: 'short',
  async play(stage) {
    await stage.both((app) => app.visit(BEFORE));
    await stage.both((app) => app.visitLater({ ...AFTER, afterMs: SOON_MS }));
    await stage.frozen(() => stage.pastIdleLimit());
    stage.say('thawed, users are served');
    await stage.both((app) => app.visited());
  },
};
