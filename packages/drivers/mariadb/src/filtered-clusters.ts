import { retryOneShots } from '@pool-lifeguard/core';
import type { FilteredCluster } from './mariadb-shapes.ts';

/**
 * What the `of()` of a guarded cluster has returned: their single statements, for which the driver
 * itself borrows a node's connection, run again where that is safe.
 *
 * The driver makes a new one at each call and keeps none. So they are known here only for as long as
 * somebody else holds them, and those from before the guard not at all.
 */
export class FilteredClusters {
  readonly #isOpen: () => boolean;
  readonly #restore = new WeakMap<FilteredCluster, readonly (() => void)[]>();
  readonly #known = new Set<WeakRef<FilteredCluster>>();
  readonly #forget = new FinalizationRegistry<WeakRef<FilteredCluster>>((gone) => {
    this.#known.delete(gone);
  });

  /** `isOpen`: asked before a statement runs again. */
  constructor(isOpen: () => boolean) {
    this.#isOpen = isOpen;
  }

  add(filtered: FilteredCluster): FilteredCluster {
    if (this.#restore.has(filtered)) return filtered;
    this.#restore.set(filtered, retryOneShots(filtered, this.#isOpen));
    const reference = new WeakRef(filtered);
    this.#known.add(reference);
    this.#forget.register(filtered, reference, reference);
    return filtered;
  }

  undo(): void {
    for (const reference of this.#known) {
      this.#forget.unregister(reference);
      const filtered = reference.deref();
      for (const restore of (filtered && this.#restore.get(filtered)) ?? []) restore();
      if (filtered) this.#restore.delete(filtered);
    }
    this.#known.clear();
  }
}
