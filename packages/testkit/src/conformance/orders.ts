import type { GuardStats, Login, Params, Settings } from './subject.ts';

/** One thing done on a pool, or on a connection held from it; a pool only knows `query`. */
export interface Step {
  readonly do: 'query' | 'stream' | 'begin' | 'commit' | 'rollback' | 'release';
  readonly sql?: string;
  readonly params?: Params | undefined;
}

/** From where in the event loop a plan's steps begin. */
export type Origin = 'timer' | 'I/O callback' | 'promise job' | 'setImmediate';

/** Steps on one pool or held connection, all begun in the same turn unless `inTurn`. */
export interface Plan {
  /** The pool or the held connection, by the name it was opened with. */
  readonly on: string;
  readonly steps: readonly Step[];
  readonly inTurn?: boolean;
  /** Milliseconds after which a step counts as hanging; default 20000. */
  readonly patienceMs?: number;
}

/** A plan for the moment when the process goes on after a standstill. */
export interface ArmedPlan extends Plan {
  readonly from?: Origin | 'now';
  /** For a timer: when it comes due. */
  readonly afterMs?: number;
}

/** What became of a step. */
export interface Outcome {
  readonly ok: boolean;
  readonly ms: number;
  readonly rows?: unknown;
  readonly error?: Failure;
}

/** What a failed step said. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
}

/** Code of a step that was neither answered nor refused. */
export const HANGING = 'HANGING';

/** Opens a pool with a number of connections in it. */
export interface OpenOrder {
  readonly name: string;
  readonly connection: Login;
  readonly connectionLimit: number;
  /** How many connections it is to have when a fault comes. */
  readonly connections: number;
  readonly lifeguard?: Settings | undefined;
  /** The seconds to which sessions lower their own limit behind the guard's back. */
  readonly secretLimit?: number | undefined;
}

/** Holds a connection of an open pool. */
export interface HoldOrder {
  readonly name: string;
  readonly pool: string;
}

/** Work that goes on until it is told to stop. */
export interface LoadOrder {
  readonly on: string;
  readonly workers: number;
  readonly sql: readonly string[];
}

/** What a load came to. */
export interface LoadReport {
  readonly queries: number;
  readonly failures: readonly Failure[];
}

/** What a candidate's process can be told; each entry is a command, its order and its answer. */
export interface CandidateCommands {
  open: { order: OpenOrder; answer: void };
  hold: { order: HoldOrder; answer: void };
  refresh: { order: void; answer: void };
  run: { order: Plan; answer: Outcome[] };
  arm: { order: readonly ArmedPlan[]; answer: void };
  go: { order: void; answer: void };
  block: { order: BlockOrder; answer: void };
  collect: { order: string; answer: Collected };
  startLoad: { order: LoadOrder; answer: void };
  stopLoad: { order: string; answer: LoadReport };
  stats: { order: string; answer: GuardStats | undefined };
  closeAll: { order: void; answer: void };
  exit: { order: void; answer: void };
}

/** Blocks the event loop; the two files are how a blocked process and its parent talk. */
export interface BlockOrder {
  /** Plans that begin as soon as the loop is free again. */
  readonly plans: readonly ArmedPlan[];
  readonly begunFile: string;
  readonly endFile: string;
}

/** What became of an armed plan, and when its steps began, by the wall clock. */
export interface Collected {
  readonly outcomes: Outcome[];
  readonly begunAt: number;
}
