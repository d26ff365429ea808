import type { DriverError, Executed, Failure } from './failures.ts';
import { statementsOf } from './sql-text.ts';

/** How far a statement had got when its error came, as far as its driver can tell. */
export type Reach =
  /** It was never handed to the socket. */
  | 'unsent'
  /** It was, and nothing else of this connection was unanswered then or written since. */
  | 'alone'
  /** It was one of several, so the error may be another one's. */
  | 'among others'
  /** It is a part of something larger, of which other parts may have run before (a batch). */
  | 'as a part';

/** A statement that failed. */
export interface FailedStatement {
  readonly sql: string;
  readonly reach: Reach;
}

/** What is known of the connection that it failed with. */
export interface Evidence {
  /** No byte of an answer came. */
  readonly heardNothing: boolean;
  /** The server had not been heard for as long as it lets a session be idle. */
  readonly wasIdle: boolean;
}

/**
 * Whether the server ran a statement that failed together with its connection. `no` is a proof:
 * it was never sent; or the server refused all of it; or its own write failed, so that the server
 * cannot have got its last byte, and no byte of an answer came.
 */
export function executedOf(
  failure: Failure,
  error: DriverError,
  { sql, reach }: FailedStatement,
  { heardNothing, wasIdle }: Evidence,
): Executed {
  if (reach === 'as a part') return 'unknown';
  if (reach === 'unsent') return 'no';
  if (failure.afterIdling && !wasIdle) return 'unknown';
  if (failure.executed === 'no') return failure.scope === 'generation' ? refused(sql) : 'no';
  return reach === 'alone' && heardNothing && isFailedWrite(error) ? 'no' : 'unknown';
}

/**
 * What is refused or not as a whole: one statement that writes. Of several statements, of a procedure
 * or of what is executed by name, a part may have been stored before.
 */
const WHOLE =
  /^\s*(?:(?:insert|update|delete|replace|create|alter|drop|truncate|rename|optimize|analyze|grant|revoke|start\s+transaction)\b|begin(?:\s+work)?\s*$)/i;

function refused(sql: string): Executed {
  const [first = '', ...others] = statementsOf(sql);
  return others.length === 0 && WHOLE.test(first) ? 'no' : 'unknown';
}

/**
 * The kernel refused bytes of the statement, or Node did because the other side had hung up. A failed
 * read says nothing: the server may have run it before.
 */
function isFailedWrite({ code, syscall }: DriverError): boolean {
  if (syscall === undefined) return code === 'EPIPE';
  return syscall === 'write' && (code === 'EPIPE' || code === 'ECONNRESET');
}
