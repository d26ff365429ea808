/** What became of every write, as its sender was told. */
export class Book {
  readonly acknowledged: number[] = [];
  readonly failed = new Map<number, unknown>();
}

/** The writes of a book that the table contradicts. */
export interface Contradictions {
  /** Stored more than once, whatever their sender was told. */
  readonly doubled: number[];
  /** Acknowledged, and not stored. */
  readonly lost: number[];
  /** Stored, though it was said that they certainly did not run. */
  readonly denied: number[];
}

/** Compares a book with what the table holds; `wasDenied` tells which errors say: certainly not run. */
export function audit(
  book: Book,
  stored: readonly number[],
  wasDenied: (error: unknown) => boolean,
): Contradictions {
  const times = new Map<number, number>();
  for (const n of stored) times.set(n, (times.get(n) ?? 0) + 1);
  const denied = [...book.failed].flatMap(([n, error]) => (wasDenied(error) ? [n] : []));
  return {
    doubled: [...times].flatMap(([n, count]) => (count > 1 ? [n] : [])),
    lost: book.acknowledged.filter((n) => !times.has(n)),
    denied: denied.filter((n) => times.has(n)),
  };
}
