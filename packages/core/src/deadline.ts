import type { Clock, Timer } from './clock.ts';
import { afterLook } from './looks.ts';

/** A timer this late did not measure the server but a loop that stood still. */
export const LATE_MS = 100;

/**
 * Calls `expired` after `ms`, but looks first: answers that already lie in the kernel are read
 * before it is said that none came. A timer that fired more than 100 ms late, because the process
 * was frozen or its loop blocked, starts over once.
 */
export function deadline(clock: Clock, ms: number, expired: () => void): Timer {
  let cancelled = false;
  let restarted = false;
  let timer: Timer;
  const fire = (): void => {
    if (!restarted && clock.now() - due > LATE_MS) {
      restarted = true;
      start();
      return;
    }
    afterLook(clock, () => {
      if (!cancelled) expired();
    });
  };
  let due: number;
  const start = (): void => {
    due = clock.now() + ms;
    timer = clock.timer(ms, fire, 'busy');
  };
  start();
  return {
    cancel() {
      cancelled = true;
      timer.cancel();
    },
  };
}
