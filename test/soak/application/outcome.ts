/** The two ways in which the traffic reaches the server. */
export type Orm = 'typeorm' | 'prisma';

/** What a step of the traffic is, for the question of how it may fail. */
export type Kind =
  /** One statement that borrows its connection for itself. */
  | 'read'
  | 'write'
  /** A whole transaction, from its begin to its commit or rollback. */
  | 'transaction'
  /** One statement of a held runner, with or without state in its session. */
  | 'held'
  | 'session'
  | 'stream'
  /** Something of the traffic itself, which no fault may harm. */
  | 'other';

/** What a step failed with, as it can be told to another process. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly errno: number | undefined;
  /** The code of a `LifeguardError`, thrown or attached. */
  readonly lifeguard: string | undefined;
  /** What `fateOf` says. */
  readonly executed: 'no' | 'unknown' | undefined;
  readonly repeatable: boolean | undefined;
}

/** A step that failed, by the clock that processes share. */
export interface FailedStep {
  readonly orm: Orm;
  readonly kind: Kind;
  /** When the lease, or the state of its session, began that the step depends on. */
  readonly since: number;
  readonly from: number;
  readonly to: number;
  readonly failure: Failure;
}

/** What a sender may say of its write. */
export type Word = 'stored' | 'not stored' | 'unknown';

/** Writes, and what their sender says of them after its step. */
export interface Written {
  readonly orm: Orm;
  readonly numbers: readonly number[];
  readonly word: Word;
  readonly from: number;
  readonly to: number;
}

/** What the application tells while it runs. */
export interface News {
  readonly type: 'news';
  readonly failed: readonly FailedStep[];
  readonly written: readonly Written[];
}
