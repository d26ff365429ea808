/**
 * Guards TypeORM's pools of MySQL and MariaDB against stale connections.
 *
 * Read `guard-data-source` (where TypeORM keeps its pools), `guard-query-runner` (connections held
 * over many statements), `subscriber` and `flag` (the other two ways to switch it on).
 */
export { guard } from './guard.ts';
export { LifeguardSubscriber, lifeguardSubscriber } from './subscriber.ts';
export { LifeguardError, fateOf } from '@pool-lifeguard/core';
export type { LifeguardFlag } from './settings.ts';
export type {
  CloseReason,
  ConnectionView,
  Duration,
  EventName,
  Events,
  EvictSummary,
  Fate,
  Guard,
  LifeguardErrorCode,
  LifeguardOptions,
  Listener,
  Logger,
  PoolStats,
  Verdict,
} from '@pool-lifeguard/core';
