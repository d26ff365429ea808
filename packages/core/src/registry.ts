/**
 * What is guarded already, shared by all copies of Lifeguard in the process (ESM and CommonJS, or
 * two installed versions), so that switching it on twice is the same as once.
 */
export interface Registry {
  get(target: object): unknown;
  set(target: object, guard: object): unknown;
  delete(target: object): boolean;
}

/** The registry of one kind of guarded object; the number changes with the shape of its entries. */
export function registry(kind: string): Registry {
  const key = Symbol.for(`pool-lifeguard.${kind}.1`);
  const shared = globalThis as unknown as Record<symbol, Registry | undefined>;
  return (shared[key] ??= new WeakMap<object, object>());
}
