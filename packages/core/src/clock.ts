/** A timer that can be called off. */
export interface Timer {
  cancel(): void;
}

/**
 * All that core knows of time. The only implementation that reads the machine's clocks is below;
 * tests bring their own.
 */
export interface Clock {
  /** Milliseconds on the monotonic clock: for deadlines and durations. */
  now(): number;
  /**
   * The same to about a millisecond and never less than the last time, by the wall clock alone where
   * that was read a moment ago: for judging, where a second reading would cost too much. It also
   * finds out whether the machine was suspended.
   */
  glance(): number;
  /**
   * A moment of `glance`, plus all the time by which the wall clock ran ahead of the monotonic one
   * until then (a suspended machine). Only silence is measured by it: see `judge`.
   */
  awake(moment: number): number;
  /** Calls back once after `ms`. An `idle` timer never keeps the process alive. */
  timer(ms: number, callback: () => void, kind: 'busy' | 'idle'): Timer;
  /** Calls back after one poll phase of the event loop has begun since the call. */
  afterPoll(callback: () => void): void;
}

// Taken once, so that fake timers which an application installs later do not reach its pool.
const { setTimeout: start, clearTimeout: stop, setImmediate: next, performance, Date } = globalThis;
const wallClock = Date.now.bind(Date);
const monotonicClock = performance.now.bind(performance);

/** Node's timers hold 31 bits; a longer one would fire at once. */
export const LONGEST_MS = 2 ** 31 - 1;

/** A difference between the two clocks below this is drift, above it somebody slept or set one. */
const JUMP_MS = 1000;

/** So long the wall clock alone is believed: whoever sets it falsifies no time by more. */
const STRIDE_MS = 50;
/** And so often in all, before both are read again. */
const STRIDES_MS = 1000;

/** The machine's own clocks and timers. */
export function systemClock(): Clock {
  let skew = wallClock() - monotonicClock();
  let asleep = 0;
  let wallSeen = -Infinity;
  let bothSeen = -Infinity;
  let glanced = -Infinity;
  const notice = (wall: number, now: number): void => {
    const jump = wall - now - skew;
    if (jump <= JUMP_MS && jump >= -JUMP_MS) return;
    skew += jump;
    if (jump > 0) asleep += jump;
  };
  return {
    now: monotonicClock,
    glance() {
      const wall = wallClock();
      const stride = wall - wallSeen;
      wallSeen = wall;
      if (stride >= 0 && stride < STRIDE_MS && wall - bothSeen < STRIDES_MS) {
        glanced += stride;
        return glanced;
      }
      bothSeen = wall;
      const now = monotonicClock();
      notice(wall, now);
      glanced = Math.max(glanced, now);
      return glanced;
    },
    awake: (moment) => moment + asleep,
    timer(ms, callback, kind) {
      const handle = start(callback, Math.min(ms, LONGEST_MS));
      if (kind === 'idle') handle.unref();
      return { cancel: () => stop(handle) };
    },
    afterPoll: (callback) => void next(callback),
  };
}
