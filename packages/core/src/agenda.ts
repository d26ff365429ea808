interface Entry<T> {
  readonly item: T;
  at: number;
  /** Its index in the heap. */
  place: number;
}

/** What is to be looked after at what time, each item once: a binary heap, the earliest first. */
export class Agenda<T> {
  readonly #heap: Entry<T>[] = [];
  readonly #entries = new Map<T, Entry<T>>();

  get size(): number {
    return this.#heap.length;
  }

  /** When the earliest is due; `Infinity` when there is none. */
  get nextAt(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  /** Enters an item, or moves it to another time. */
  set(item: T, at: number): void {
    const known = this.#entries.get(item);
    const entry = known ?? { item, at, place: this.#heap.length };
    if (!known) this.#entries.set(item, entry);
    entry.at = at;
    this.#settle(entry);
  }

  delete(item: T): void {
    const entry = this.#entries.get(item);
    if (!entry) return;
    this.#entries.delete(item);
    const last = this.#heap.pop() as Entry<T>;
    if (last === entry) return;
    last.place = entry.place;
    this.#settle(last);
  }

  /** Takes out the earliest item if it is due. */
  take(now: number): T | undefined {
    const first = this.#heap[0];
    if (!first || first.at > now) return undefined;
    this.delete(first.item);
    return first.item;
  }

  clear(): void {
    this.#heap.length = 0;
    this.#entries.clear();
  }

  /** Puts an entry where it belongs, up or down from its place. */
  #settle(entry: Entry<T>): void {
    while (entry.place > 0) {
      const parent = this.#heap[(entry.place - 1) >> 1] as Entry<T>;
      if (parent.at <= entry.at) break;
      this.#put(parent, entry.place, entry);
    }
    for (let child = this.#earlierChild(entry); child && child.at < entry.at;) {
      this.#put(child, entry.place, entry);
      child = this.#earlierChild(entry);
    }
    this.#heap[entry.place] = entry;
  }

  /** `moved` goes to this place, and `entry` to where that was. */
  #put(moved: Entry<T>, place: number, entry: Entry<T>): void {
    entry.place = moved.place;
    moved.place = place;
    this.#heap[place] = moved;
  }

  #earlierChild({ place }: Entry<T>): Entry<T> | undefined {
    const left = this.#heap[2 * place + 1];
    const right = this.#heap[2 * place + 2];
    return right && left && right.at < left.at ? right : left;
  }
}
