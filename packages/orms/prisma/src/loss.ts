import { LifeguardError } from '@pool-lifeguard/core';

/** Attaches to an error of Prisma's, where everybody who prints it sees it, what is known of it. */
export function attachLoss(error: unknown, loss: LifeguardError | undefined): void {
  if (!loss || typeof error !== 'object' || error === null) return;
  Reflect.defineProperty(error, 'lifeguard', { value: loss, enumerable: true, configurable: true });
}

/**
 * What Lifeguard knows of an error that Prisma threw: a `LifeguardError` of code
 * `LIFEGUARD_TRANSACTION_LOST` (nothing of the transaction is stored: run it again),
 * `LIFEGUARD_TRANSACTION_UNKNOWN` (find out first) or `LIFEGUARD_SESSION_LOST`; undefined for every
 * other error. It is at `error.lifeguard` or `error.meta.driverAdapterError.lifeguard`; the error
 * itself keeps the class, code and message that Prisma gives it.
 */
export function lossOf(error: unknown): LifeguardError | undefined {
  const driverError = member(member(error, 'meta'), 'driverAdapterError');
  const losses = [member(error, 'lifeguard'), member(driverError, 'lifeguard')];
  return losses.find((loss): loss is LifeguardError => loss instanceof LifeguardError);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
