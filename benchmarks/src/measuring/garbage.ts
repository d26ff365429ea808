import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void;

/**
 * Empties the young generation. The old one is left alone: collecting that makes V8 forget code
 * which was not run lately, and so slows down the side that did not have its turn.
 */
export function collectYoung(): void {
  // Survivors leave the young generation with the second collection.
  collect({ type: 'minor' });
  collect({ type: 'minor' });
}

/** Leaves nothing on the heap but what is in use; for what is not measured in time. */
export function collectAll(): void {
  // What the first collection finalizes, the second one frees.
  collect({ type: 'major' });
  collect({ type: 'major' });
}

/** Bytes in use on the heap; until the next collection they only grow, by what is allocated. */
export function heapBytes(): number {
  return getHeapStatistics().used_heap_size;
}
