import { PATIENCE_MS } from '../application/query-log.ts';
import type { Scene } from './scene.ts';
import { BEFORE, ONCE } from './visits.ts';

/** Longer than Lifeguard trusts connections of which none was heard (`pingAfter`). */
const SILENCE_MS = 5_500;

export const drop: Scene = {
  name: 'drop',
  title: 'Silent network drop',
  short: 'Drop',
  story:
    'The network loses every connection without a word, as a firewall or a NAT does. Seconds later ' +
    'users come; new connections work.',
  idleLimit: 'long',
  async play(stage) {
    await stage.both((app) => app.visit(BEFORE));
    stage.dropConnections();
    await stage.pause(SILENCE_MS, 'the network has dropped every connection, nobody knows yet');
    stage.say(`users come; each waits ${PATIENCE_MS / 1000} s at most`);
    await stage.both((app) => app.visit(ONCE));
  },
};
