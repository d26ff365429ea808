/**
 * The conformance suite: an adapter's test file names its subjects and calls it.
 *
 * Read `subject` (what an adapter brings), `fault` (what a fault and a check are), `declare-fault`
 * (how they become tests), `strikes`, and then the tables in `faults`.
 */
export { conformance } from './conformance.ts';
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
