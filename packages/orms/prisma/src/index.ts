/**
 * Guards Prisma's pools of MySQL and MariaDB against stale connections.
 *
 * Read `guard-factory` (where Prisma makes its pools), `begin-again` (transactions whose first
 * statement is lost), `guard-transaction` (connections held over many statements), `guard-client` and
 * `spot-adapter` (clients that are connected already), and `extension`, `middleware` and `flag` (the
 * other ways to switch it on).
 */
export { guard } from './guard.ts';
export type { Guarded } from './guard.ts';
export { lifeguard } from './extension.ts';
export { lifeguardMiddleware } from './middleware.ts';
export type { LifeguardMiddleware } from './middleware.ts';
export { lossOf } from './loss.ts';
export { LifeguardError } from '@pool-lifeguard/core';
export type {
  CloseReason,
  ConnectionView,
  Duration,
  EventName,
  Events,
  EvictSummary,
  Guard,
  LifeguardErrorCode,
  LifeguardOptions,
  Listener,
  Logger,
  PoolStats,
  Verdict,
} from '@pool-lifeguard/core';
