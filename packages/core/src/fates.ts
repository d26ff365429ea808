import type { ConnectionView } from './connection-record.ts';
import type { Executed, Scope } from './failures.ts';
import { registry } from './registry.ts';

/** What is known of a statement that failed together with its connection. */
export interface Fate {
  /** `no`: the server certainly did not run it. */
  readonly executed: Executed;
  /** Whether all connections opened before are doubtful too (a failover, a shutdown). */
  readonly scope: Exclude<Scope, 'statement'>;
  /** Running it again on another connection is safe, by the rule of the option `retry`. */
  readonly repeatable: boolean;
  /** The connection that it was lost with. */
  readonly connection: ConnectionView;
}

const fates = registry('fate');

/**
 * Notes the fate of a statement by the error that its sender will get. Drivers may hand one error to
 * several statements: what is unknown of one of them, or not safe, is so of all.
 */
export function noteFate(error: Error, fate: Fate): void {
  const known = fates.get(error) as Fate | undefined;
  if (!known) return void fates.set(error, fate);
  const executed = known.executed === 'no' ? fate.executed : 'unknown';
  fates.set(error, { ...fate, executed, repeatable: known.repeatable && fate.repeatable });
}

/**
 * What Lifeguard knows of a statement that failed together with its connection: whether the server
 * can have run it, and which connection it was. Undefined for every other error.
 *
 * @param error what the driver or the ORM threw.
 */
export function fateOf(error: unknown): Fate | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  return fates.get(driverErrorOf(error)) as Fate | undefined;
}

/** A copy of an error means what the error does. */
export function shareFate(error: object, copy: object): void {
  const known = fates.get(error) as Fate | undefined;
  if (known) fates.set(copy, known);
}

/** Errors of borrows that got no connection, so that nothing was sent. */
const unserved = registry('unserved');

/** A borrower is told no. */
export function noteUnserved(error: Error): void {
  unserved.set(error, error);
}

/** Whether an error, or its cause where a driver says it in its own words, only says that. */
export function wasUnserved(error: Error): boolean {
  return [error, error.cause].some((said) => said instanceof Error && unserved.get(said));
}

/** What the driver said, in what an ORM made of it. */
export function driverErrorOf(error: object): object {
  const { driverError = error } = error as { readonly driverError?: unknown };
  return typeof driverError === 'object' && driverError !== null ? driverError : error;
}
