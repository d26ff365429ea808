import type { Scene } from './scene.ts';
import { AFTER, BEFORE } from './visits.ts';

export const idle: Scene = {
  name: 'idle',
  title: 'Idle past wait_timeout',
  short: 'Idle',
  story:
    'Nobody comes for longer than the server keeps an idle connection. The event loop is free, so ' +
    'the driver itself hears how the server hangs up.',
  idleLimit: 'short',
  async play(stage) {
    await stage.both((app) => app.visit(BEFORE));
    await stage.pastIdleLimit();
    stage.say('users come back');
    await stage.both((app) => app.visit(AFTER));
  },
};
