import { createHook } from 'node:async_hooks';

const running = new Set<number>();

createHook({
  init: (id, type) => void (type === 'Timeout' && running.add(id)),
  destroy: (id) => void running.delete(id),
}).enable();

/** The timers of this process that are running, also those that would keep no process alive. */
export function runningTimers(): number {
  return running.size;
}
