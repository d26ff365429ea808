import type { Scene } from './scene.ts';

/** Users who keep the other connections busy while the job is idle. */
const MEANWHILE = { rounds: 4, everyMs: 700 };

export const held: Scene = {
  name: 'held',
  title: 'Job holds a connection',
  short: 'Held',
  story:
    'A job reads on a QueryRunner of its own, works on something else for longer than wait_timeout, ' +
    'and reads three times more on the same QueryRunner. Users come all the time.',
  idleLimit: 'short',
  holdsConnection: true,
  async play(stage) {
    const ids = await stage.both((app) => app.startJob());
    await Promise.all([
      stage.both((app) => app.visit(MEANWHILE)),
      stage.pastIdleLimit([ids.bare, ids.guarded]),
    ]);
    stage.say('the job reads again');
    await stage.both((app) => app.finishJob(3));
  },
};
