import { registry, shadow, type Guard, type LifeguardOptions } from '@pool-lifeguard/core';
import { guardFactory, type Entry } from './guard.ts';
import { asClient } from './is-prisma.ts';
import type { Adapter, AdapterFactory, Engine } from './prisma-shapes.ts';
import { spotAdapter, spotting } from './spot-adapter.ts';

/** The guard for which an engine is watched, or was until its adapter was known. */
const watched = registry('prisma.engine');

/** Guards the pools of a client, whether or not it is connected already. */
export function guardClient(given: unknown, options?: LifeguardOptions): Guard {
  const { client, factory } = asClient(given);
  const entry = guardFactory(factory, options);
  const { _engine: engine } = client;
  if (entry.handle.stats().mode === 'off' || watched.get(engine) === entry) return entry.handle;
  watched.set(engine, entry);
  watchEngine(engine, factory, entry);
  return entry.handle;
}

/**
 * Watches an engine until its adapter is known. One that connects from now on does so through the
 * factory's guarded `connect()`; one that has connected before shows its adapter at the next
 * operation. From then on nothing stands in front of the engine.
 */
function watchEngine(engine: Engine, factory: AdapterFactory, entry: Entry): void {
  const { start, request, requestBatch, transaction } = engine;
  let seen = false;
  const stop = (): void => {
    seen = true;
    for (const restore of restores) restore();
  };
  const spotted = (adapter: Adapter): void => {
    entry.adopt(adapter);
    stop();
  };
  const connect = (): Promise<void> => spotting(spotted, () => start.call(engine));
  const through = async (operation: () => Promise<unknown>): Promise<unknown> => {
    // What keeps it from connecting, the operation itself will tell.
    const connected = seen || (await connect().then(...settled));
    if (seen) return operation();
    return connected ? spotAdapter(factory, spotted, operation) : spotting(spotted, operation);
  };
  const restores = [
    shadow(engine, 'start', connect),
    shadow(engine, 'request', (...of) => through(() => request.apply(engine, of))),
    shadow(engine, 'requestBatch', (...of) => through(() => requestBatch.apply(engine, of))),
    shadow(engine, 'transaction', (...of) => through(() => transaction.apply(engine, of))),
  ];
  entry.atUndo(stop);
}

const settled = [() => true, () => false] as const;
