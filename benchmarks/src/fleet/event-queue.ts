/** Something that will happen, unless it is called off before. */
export class Happening {
  readonly at: number;
  /** Of two at the same time the one that was entered first comes first. */
  readonly order: number;
  #callback: (() => void) | undefined;

  constructor(at: number, order: number, callback: () => void) {
    this.at = at;
    this.order = order;
    this.#callback = callback;
  }

  cancel(): void {
    this.#callback = undefined;
  }

  happen(): void {
    this.#callback?.();
  }

  get isCancelled(): boolean {
    return this.#callback === undefined;
  }
}

const isBefore = (one: Happening, other: Happening): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

/** All that will happen, in the order of time: a binary heap. What is called off stays until its time. */
export class EventQueue {
  readonly #heap: Happening[] = [];
  #entered = 0;

  add(at: number, callback: () => void): Happening {
    const happening = new Happening(at, this.#entered++, callback);
    this.#rise(happening);
    return happening;
  }

  /** Takes out what comes first, if that is before `end`. */
  take(end: number): Happening | undefined {
    for (let first; (first = this.#heap[0]) && first.at < end;) {
      const last = this.#heap.pop();
      if (last && last !== first) this.#sink(last);
      if (!first.isCancelled) return first;
    }
    return undefined;
  }

  #rise(happening: Happening): void {
    let place = this.#heap.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above];
      if (!parent || isBefore(parent, happening)) break;
      this.#heap[place] = parent;
      place = above;
    }
    this.#heap[place] = happening;
  }

  /** Puts one in from the top. */
  #sink(happening: Happening): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      let child = heap[below];
      const right = heap[below + 1];
      if (child && right && isBefore(right, child)) {
        child = right;
        below++;
      }
      if (!child || isBefore(happening, child)) break;
      heap[place] = child;
      place = below;
    }
    heap[place] = happening;
  }
}
