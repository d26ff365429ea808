/**
 * Guards pools and clusters of mariadb against stale connections.
 *
 * Read `private-parts` (how the inner pool is found), `guard-pool` (what is hooked), `pool-driver`
 * (the facts core asks for), `health` and `failures` (what the driver's flags and errors mean).
 */
export { guard } from './guard.ts';
// For ORM adapters.
export { install } from './install.ts';
export type { Installed } from './install.ts';
export { LifeguardError, fateOf } from '@pool-lifeguard/core';
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
