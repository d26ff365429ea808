import type { DriverError } from './failures.ts';
import { driverErrorOf, fateOf, shareFate } from './fates.ts';
import { registry } from './registry.ts';

/** What a statement ends with. */
export type Answer = (error: Error | null, ...results: unknown[]) => void;

/** A statement to be run again. */
export interface Repeatable {
  /** Sends it once more, on a connection that the pool gives it then. */
  run(answer: Answer): void;
  /** What comes of it in the end. */
  readonly answer: Answer;
  /** Asked before each time, with the connection it was lost with: `false` if it is too late. */
  mayRun?(lost: object): boolean;
}

/** A statement that was lost, on its way from the watch to whoever sent it. */
interface Loss {
  /** Whom to ask for it to be run again. */
  readonly retry: { again(error: Error, statement: Repeatable): void };
  readonly connection: object;
}

/** By the error that the statement ended with. */
const losses = registry('loss');
/** The latest such error of a connection. */
const latestErrors = registry('latest-error');

/** Whoever gets this error may ask for its statement to be run again. */
export function noteLoss(error: Error, loss: Loss): void {
  losses.set(error, loss);
  latestErrors.set(loss.connection, error);
}

/**
 * Some promises end with a copy of the driver's error (mysql2's, before 3.22.2): makes it known as what
 * it is, if it was `connection` that it was lost with.
 */
export function recognizeCopy(error: unknown, connection: object | undefined): void {
  const original = connection && (latestErrors.get(connection) as DriverError | undefined);
  if (!original || typeof error !== 'object' || error === null) return;
  const copy = driverErrorOf(error) as DriverError;
  if (copy.message !== original.message || copy.code !== original.code || fateOf(copy)) return;
  know(copy, original);
}

/**
 * An ORM says in its own words what the latest statement that was lost with `connection` ended with:
 * makes its error known as what that was.
 */
export function recognizeRewording(error: unknown, connection: object): void {
  const original = latestErrors.get(connection) as DriverError | undefined;
  if (!original || typeof error !== 'object' || error === null || fateOf(error)) return;
  know(driverErrorOf(error), original);
}

function know(copy: object, original: DriverError): void {
  shareFate(original, copy);
  losses.set(copy, losses.get(original) as Loss);
}

/** The statement that ended with this error; undefined if it was not lost. */
export function lossOf(error: Error): Loss | undefined {
  return losses.get(driverErrorOf(error)) as Loss | undefined;
}
