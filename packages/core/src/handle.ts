import type { Emitter } from './events.ts';
import type { EvictSummary, Guard, PoolGuard } from './guard.ts';
import type { Policy } from './policy.ts';
import { newCounters, type Counters, type PoolStats } from './stats.ts';

/** The parts of a guard that a handle speaks for: one pool, or the nodes of a cluster. */
export interface Guarded {
  readonly policy: Policy;
  readonly emitter: Emitter;
  /** The pools as they are at the moment of the call. */
  pools(): readonly Pick<PoolGuard<never>, 'stats' | 'evictStale' | 'evictAll'>[];
  undo(): void;
}

/** What users hold of one pool or of several. */
export function handleOf({ policy, emitter, pools, undo }: Guarded): Guard {
  const acts = policy.mode === 'on';
  return {
    stats: () =>
      sum(
        policy,
        pools().map((pool) => pool.stats()),
      ),
    on: (name, listener) => emitter.on(name, listener),
    async evictStale() {
      const found = acts ? await Promise.all(pools().map((pool) => pool.evictStale())) : [];
      return found.reduce(add, { checked: 0, evicted: 0 });
    },
    evictAll() {
      if (acts) for (const pool of pools()) pool.evictAll();
    },
    undo,
  };
}

function add(one: EvictSummary, other: EvictSummary): EvictSummary {
  return { checked: one.checked + other.checked, evicted: one.evicted + other.evicted };
}

function sum(policy: Policy, all: readonly PoolStats[]): PoolStats {
  const [first] = all;
  if (first && all.length === 1) return first;
  const total = (
    name: keyof Counters | 'total' | 'idle' | 'lent' | 'validating' | 'opening' | 'pending',
  ): number => all.reduce((so_far, stats) => so_far + stats[name], 0);
  const counters = newCounters();
  for (const name of Object.keys(counters) as (keyof Counters)[]) counters[name] = total(name);
  const closed: Record<string, number> = {};
  for (const stats of all) {
    for (const [reason, count] of Object.entries(stats.closed)) {
      closed[reason] = (closed[reason] ?? 0) + count;
    }
  }
  return {
    poolName: policy.poolName ?? all.map((stats) => stats.poolName).join(', '),
    mode: policy.mode,
    total: total('total'),
    idle: total('idle'),
    lent: total('lent'),
    validating: total('validating'),
    opening: total('opening'),
    pending: total('pending'),
    ...counters,
    closed,
    waitTimeoutMs: all.find((stats) => stats.waitTimeoutMs !== undefined)?.waitTimeoutMs,
    learnedIdleTimeoutMs: least(all.map((stats) => stats.learnedIdleTimeoutMs)),
  };
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}
