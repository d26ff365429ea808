import type { DatabaseServer, ServerCapabilities } from '../server/database-server.ts';
import type { GlobalValue } from '../server/server-options.ts';
import type { Candidate } from './candidate/candidate.ts';
import type { ArmedPlan, Outcome } from './orders.ts';
import type { Subject } from './subject.ts';
import type { Trial } from './trial.ts';

/** What must be true of a trial once it is finished; throws where it is not. */
export type Expectation = (trial: Trial) => void | Promise<void>;

/** Something that a user does around a fault. */
export interface Drill {
  /** Names it among those of its fault. */
  readonly title: string;
  /** Whether the subject can do it at all; default yes. */
  suits?(subject: Subject): boolean;
  readonly needs?: readonly (keyof ServerCapabilities)[] | undefined;
  /** Opens what it needs, before the fault. */
  prepare(trial: Trial): Promise<void>;
  /** Takes hold of a connection, last of all, so that it has not been idle for long. */
  hold?(trial: Trial): Promise<void>;
  /** What is done as soon as the fault is over. */
  plan(trial: Trial): ArmedPlan;
  /** What is done after that. */
  afterwards?(trial: Trial): readonly Outcome[] | Promise<readonly Outcome[]>;
}

/** A drill, and what must be seen of the fault. */
export interface Check extends Drill {
  /** What the fault does without Lifeguard; absent where that depends on the moment. */
  readonly bare?: Expectation | undefined;
  readonly guarded: Expectation;
}

/** Everything that a fault is done to. */
export interface Scene {
  readonly server: DatabaseServer;
  readonly candidates: readonly Candidate[];
  readonly trials: readonly Trial[];
}

/** Something that goes wrong. */
export interface Incident {
  readonly title: string;
  /** Global variables of the server meanwhile. */
  readonly globals?: Readonly<Record<string, GlobalValue>>;
  readonly needs?: readonly (keyof ServerCapabilities)[];
  /** Drills are finished one after the other, because their times are measured. */
  readonly inTurn?: boolean;
  /** Brings it about. Resolves when it is over, which is when unarmed plans begin. */
  strike(scene: Scene): Promise<void>;
}

/** An incident, and what is checked about it. */
export interface Fault extends Incident {
  /** Brought about for every subject, also for those made of others; default no. */
  readonly essential?: boolean;
  readonly checks: readonly Check[];
}
