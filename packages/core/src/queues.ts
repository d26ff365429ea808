/** What the queues of all drivers have. */
interface Queue<T> {
  readonly length: number;
  push(item: T): unknown;
  pop(): T | undefined;
}

/** Puts an item into a queue that only knows its ends, with `place` items before it. */
export function insert<T>(queue: Queue<T>, item: T, place: number): void {
  const behind: T[] = [];
  while (queue.length > place) behind.push(queue.pop() as T);
  queue.push(item);
  for (const one of behind.toReversed()) queue.push(one);
}
