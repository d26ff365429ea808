import type { FailureTable } from './failures.ts';
import type { Deliver, Waiter } from './line.ts';

/**
 * What core asks of a driver adapter: facts and single acts on one pool of one driver, none of
 * which decides anything. `C` is the driver's own connection object.
 *
 * The pool's list of idle connections stays the driver's own, so that everything which reads it
 * (metrics, `end()`) stays true, and undoing the guard has nothing to put back.
 */
export interface PoolDriver<C extends object> {
  /** The pool's name where the user gave none. */
  readonly name: string;
  /** What its errors mean; of a connection, since servers differ in their numbers. */
  failures(connection?: C): FailureTable;

  /** The greatest number of connections; `Infinity` when there is no limit. */
  limit(): number;
  /** All connections: idle, lent, and those still being opened. */
  total(): number;
  /** How many of them may be idle, by the user's own settings of the pool; `Infinity` for no limit. */
  idleLimit(): number;
  /** How many are in the list of idle ones. */
  idleCount(): number;
  /** The connections in the list of idle ones. */
  idle(): Iterable<C>;
  /** Those that are lent: neither idle nor still being opened. */
  lent(): Iterable<C>;

  /** Takes the most recently used idle connection. */
  takeIdle(): C | undefined;
  /** Takes this idle connection; false when it is not in the list. */
  removeIdle(connection: C): boolean;
  /** Puts a connection among the idle ones, as the most recently used. */
  putIdle(connection: C): void;
  /** Puts one back that was not lent: to its place among the idle ones, counted from the least recently used. */
  restoreIdle(connection: C, place: number): void;
  /** An idle connection is about to be lent: what the driver itself notes and tells then. */
  acquired(connection: C): void;
  /** The last moment before the borrower gets it. */
  lend(connection: C): void;
  /**
   * A borrow would have to wait for busy connections, with `waiting` already doing so. The driver
   * notes and tells that it waits, and returns false; or answers `deliver` itself, where the pool is
   * configured not to let it wait, and returns true.
   */
  refuses(waiting: number, deliver: Deliver<C>): boolean;

  /** The guard is gone: the borrower asks the pool itself. */
  rejoin(waiter: Waiter<C>): void;

  /**
   * Opens a connection, at once and without limit. Calls back exactly once. Returns the function that
   * gives the attempt up, which is then answered with `error`.
   */
  dial(done: (error: Error | null, connection?: C) => void): (error: Error) => void;
  /** What is wrong with it as far as this process knows; reads flags, never the network. */
  defect(connection: C): 'closed' | 'unclean' | undefined;
  /** Whether the other side has ended it, or an error has; not whether the driver still wants it. */
  hungUp(connection: C): boolean;
  /** Whether a command is not finished yet. */
  busy(connection: C): boolean;
  /** Bytes received on its socket so far. */
  bytesRead(connection: C): number;
  /** Where it leads to. */
  peer(connection: C): string;
  /** The addresses that its host's name led to when it was opened; none where that is not known. */
  addressesOf(connection: C): readonly string[];
  /** Has it keep the process alive no more. Returns whether it did. */
  letGo(connection: C): boolean;
  /** Has it keep the process alive again. */
  hold(connection: C): void;
  /** One round trip. Calls back at least once, unless the connection is discarded first. */
  ping(connection: C, done: (error: Error | null) => void): void;
  /** Reads the server's idle limit of this session, in milliseconds. */
  readWaitTimeout(connection: C, done: (error: Error | null, ms?: number) => void): void;
  /** The driver's own reset at the release of this connection; undefined when it needs none. */
  resetOf(connection: C): ((done: (error: Error | null) => void) => void) | undefined;
  /** Rolls back what is open on a connection; undefined where the pool is configured to leave it. */
  rollbackOf(connection: C): ((done: (error: Error | null) => void) => void) | undefined;
  /** Closes its socket now, and answers with `error` whoever still waits on it. */
  discard(connection: C, error?: Error): void;
  /** Says goodbye to the server and closes; never waits for an answer. */
  retire(connection: C): void;
}
