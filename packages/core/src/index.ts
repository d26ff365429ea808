/**
 * The policy and the gate of Lifeguard. Knows time, numbers and verdicts; no driver, no ORM, no
 * I/O. Applications import an adapter instead; this is what adapters are built from.
 *
 * Read it in this order: `judge` (what is said of a connection), `gate` (the life of a borrow),
 * `attempts` (what is tried for who waits), `prover` (look and ping), `dialer` (opening), `held`
 * (connections held over many statements), `lease-watch` and `retry` (what became of a lost one),
 * `keeper` (what is done between the borrows).
 */

// Options, and what they mean in milliseconds.
export { readOptions } from './read-options.ts';
export type { LifeguardOptions, Logger } from './options.ts';
export type { Policy } from './policy.ts';
export type { Duration } from './duration.ts';

// One guarded pool.
export { PoolGuard } from './guard.ts';
export type { EvictSummary, Guard } from './guard.ts';
export { Observer } from './observer.ts';
export { addressesOf, noteLookups } from './lookups.ts';
export { closeInTime } from './closing.ts';
export { handleOf } from './handle.ts';
export { Emitter } from './events.ts';
export { registry } from './registry.ts';
export { shadow } from './shadow.ts';

// What a driver adapter brings.
export type { PoolDriver } from './pool-driver.ts';
export { insert } from './queues.ts';
export { hold, letGo } from './sockets.ts';
export type { ForeignDial } from './dialer.ts';
export { Waiter } from './line.ts';
export type { Deliver } from './line.ts';
export type { Surroundings } from './roster.ts';
export type { FailedStatement, Reach } from './executed.ts';
export { orAgain } from './retry.ts';
export { recognizeCopy } from './lost-statements.ts';
export type { RetryPolicy } from './retry.ts';
export { retryOneShots } from './one-shots.ts';
export type { OneShots } from './one-shots.ts';
export type { DriverError, Executed, Failure, FailureTable, Scope } from './failures.ts';

export {
  dropped,
  givenUp,
  mariadbErrno,
  mysqlErrno,
  permanent,
  serverFailures,
  unopened,
  unsent,
} from './server-failures.ts';
export { Installer } from './install.ts';
export type { Installed, Subjects } from './install.ts';

// What users see.
export { LifeguardError } from './errors.ts';
export type { LifeguardErrorCode } from './errors.ts';
export { fateOf, noteUnserved, wasUnserved } from './fates.ts';
export type { Fate } from './fates.ts';
export type { EventName, Events, Listener, Listeners } from './events.ts';
export type { CloseReason, ConnectionView } from './connection-record.ts';
export type { HeldVerdict } from './held.ts';
export { transactionLost } from './held.ts';
export { rollsBack } from './statements.ts';
export type { PoolStats } from './stats.ts';
export type { Verdict } from './judge.ts';
