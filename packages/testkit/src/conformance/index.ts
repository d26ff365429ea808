/**
 * The conformance suite: an adapter's test file names its subjects and calls it.
 *
 * Read `subject` (what an adapter brings), `fault` (what a fault and a check are), `bring-about` (how
 * they happen), `declare-fault` (how they become tests), `strikes`, and then the tables in `faults`.
 */
export { conformance } from './conformance.ts';
export { clusterFailover } from './cluster-failover.ts';
export { bringAbout, leave } from './bring-about.ts';
export type { Entry } from './bring-about.ts';
export { Candidate } from './candidate/candidate.ts';
export { read } from './checks/expectations.ts';
export { insert } from './checks/pool-checks.ts';
export type { Drill, Incident, Scene } from './fault.ts';
export { HANGING } from './orders.ts';
export type { Outcome, Step } from './orders.ts';
export {
  armAll,
  closedByServer,
  restarted,
  whileBlocked,
  whileFrozen,
  whileIdle,
} from './strikes.ts';
export type { Mishap } from './strikes.ts';
export type { PoolOptions, Trial } from './trial.ts';
export { BARE } from './subject.ts';
export type {
  GuardView,
  HeldConnection,
  OpenOptions,
  Settings,
  Subject,
  SubjectPool,
  Supports,
} from './subject.ts';
