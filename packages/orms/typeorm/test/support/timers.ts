import { createHook, type AsyncHook } from 'node:async_hooks';

/** Where the guard sets its timers; those of anybody else are not counted. */
const CLOCK = /[/\\]core[/\\]src[/\\]clock\.ts/;

/** Watches the timers of all guards in this process, also those that would keep no process alive. */
export class TimerWatch {
  readonly #running = new Set<number>();
  readonly #hook: AsyncHook;

  constructor() {
    this.#hook = createHook({
      init: (id, type) => {
        if (type === 'Timeout' && CLOCK.test(new Error().stack ?? '')) this.#running.add(id);
      },
      destroy: (id) => void this.#running.delete(id),
    }).enable();
  }

  /** How many have neither fired nor been called off. */
  get running(): number {
    return this.#running.size;
  }

  stop(): void {
    this.#hook.disable();
  }
}
