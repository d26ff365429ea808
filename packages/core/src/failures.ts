/** How far an error reaches: its statement, its connection, or all that were opened before now. */
export type Scope = 'statement' | 'connection' | 'generation';

/** Whether the server ran the statement: `no` is proven, everything else is `unknown`. */
export type Executed = 'no' | 'unknown';

/** What one error means. */
export interface Failure {
  readonly scope: Scope;
  readonly executed: Executed;
  /** Trying to open a connection again cannot help: wrong password, unknown database. */
  readonly permanent?: boolean;
  /** The client itself gave up waiting, so nobody wants it once more; the server may still be at it. */
  readonly givenUp?: boolean;
  /** To be believed only of a connection that was silent for as long as the server allows. */
  readonly afterIdling?: boolean;
  /** Why the row says so, for the reader of the table. */
  readonly why: string;
}

/** An error as drivers make them. */
export interface DriverError extends Error {
  readonly code?: string;
  readonly errno?: number;
  readonly syscall?: string;
  readonly fatal?: boolean;
}

/** What a driver's errors mean: rows by server error number, and by the text of `code`. */
export interface FailureTable {
  readonly byErrno: Readonly<Record<number, Failure>>;
  readonly byCode: Readonly<Record<string, Failure>>;
  /** For what no table of numbers and codes can say; asked first. */
  readonly special?: (error: DriverError) => Failure | undefined;
}

/** What no row knows. */
export const ORDINARY: Failure = {
  scope: 'statement',
  executed: 'unknown',
  why: 'an ordinary error of the statement',
};

const FATAL: Failure = {
  scope: 'connection',
  executed: 'unknown',
  why: 'the driver gave up the connection',
};

/** The meaning of an error. What no row knows concerns only its statement, unless it was fatal. */
export function classify(table: FailureTable, error: DriverError): Failure {
  return (
    table.special?.(error) ??
    (error.errno === undefined ? undefined : table.byErrno[error.errno]) ??
    (error.code === undefined ? undefined : table.byCode[error.code]) ??
    (error.fatal ? FATAL : ORDINARY)
  );
}
