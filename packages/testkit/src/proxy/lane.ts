import type { Socket } from 'node:net';

/** Bytes that a delayed lane may hold before it lets its source wait. */
const HOLD_LIMIT = 4 * 1024 * 1024;

/** What a lane does with the bytes that reach it. */
export interface LaneRules {
  /** Milliseconds for which bytes are held back; `Infinity` is until they are released. */
  delayMs(): number;
  /** Sees each chunk first, and returns what of it is to be passed on. */
  admit(chunk: Buffer): Buffer;
  /** Told when the source will send no more and all it sent has been passed on. */
  ended(): void;
}

interface Step {
  readonly dueMs: number;
  readonly take: () => void;
}

/**
 * One direction of a proxied connection: carries bytes from one socket to the other in order, late
 * if so ruled, and never faster than the other side reads.
 */
export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #rules: LaneRules;
  readonly #steps: Step[] = [];
  #heldBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, rules: LaneRules) {
    this.#from = from;
    this.#to = to;
    this.#rules = rules;
    from.on('data', (chunk: Buffer) => this.#accept(chunk));
    from.on('end', () => this.#later(() => rules.ended()));
    from.on('close', () => to.off('drain', this.#resume));
    to.on('drain', this.#resume);
    to.on('close', this.#resume);
  }

  /** Drops what it still holds and returns how many steps that were. */
  drop(): number {
    const dropped = this.#steps.length;
    clearTimeout(this.#timer);
    this.#steps.length = 0;
    this.#heldBytes = 0;
    this.#from.resume();
    return dropped;
  }

  /** Passes on at once all that it holds. */
  release(): void {
    clearTimeout(this.#timer);
    for (const { take } of this.#steps.splice(0)) take();
  }

  #accept(received: Buffer): void {
    const chunk = this.#rules.admit(received);
    if (chunk.length === 0) return;
    this.#heldBytes += chunk.length;
    this.#later(() => this.#pass(chunk));
    if (this.#mustWait()) this.#from.pause();
  }

  #pass(chunk: Buffer): void {
    this.#heldBytes -= chunk.length;
    if (this.#to.writable) this.#to.write(chunk);
    this.#resume();
  }

  readonly #resume = (): void => {
    if (!this.#mustWait()) this.#from.resume();
  };

  #mustWait(): boolean {
    return !this.#to.destroyed && (this.#to.writableNeedDrain || this.#heldBytes > HOLD_LIMIT);
  }

  /** Takes a step after all earlier ones; at once if nothing is held back. */
  #later(take: () => void): void {
    const delayMs = this.#rules.delayMs();
    if (delayMs === 0 && this.#steps.length === 0) return take();
    this.#steps.push({ dueMs: performance.now() + delayMs, take });
    if (this.#steps.length === 1) this.#schedule();
  }

  #schedule(): void {
    const { dueMs = Infinity } = this.#steps[0] ?? {};
    if (dueMs === Infinity) return;
    this.#timer = setTimeout(() => this.#flush(), dueMs - performance.now());
  }

  #flush(): void {
    for (let next = this.#steps[0]; next; next = this.#steps[0]) {
      if (next.dueMs > performance.now()) break;
      this.#steps.shift();
      next.take();
    }
    this.#schedule();
  }
}
