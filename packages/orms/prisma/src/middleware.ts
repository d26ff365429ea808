import type { Guard, LifeguardOptions } from '@pool-lifeguard/core';
import { guardEvery } from './flag.ts';
import { guardClient } from './guard-client.ts';

/** A middleware of Prisma before 6.14. */
export type Middleware = <Params, Result>(
  params: Params,
  next: (params: Params) => Result,
) => Result;

/** A middleware that knows whose it is. */
export interface LifeguardMiddleware extends Middleware {
  /** Counters, events, evictions and the undo, over all pools of the client. */
  readonly lifeguard: Guard;
}

/**
 * Guards the pools of a client that has middlewares, Prisma 6.13, be it connected already or not:
 * `prisma.$use(lifeguardMiddleware(prisma))`. From 6.14 on there are no middlewares: see
 * {@link lifeguard}.
 *
 * @throws LifeguardError `LIFEGUARD_INVALID_OPTION`, or `LIFEGUARD_UNSUPPORTED` where the client has
 *   no driver adapter or does not show it.
 */
export function lifeguardMiddleware(
  client: object,
  options?: LifeguardOptions,
): LifeguardMiddleware;
/**
 * Guards every driver adapter that connects from now on: `prisma.$use(lifeguardMiddleware())`. Prisma
 * does not tell a middleware whose it is, nor of the BEGIN of a transaction, so without the client
 * it can only be for all of them. The handle is the adapter's `lifeguard`, once it has connected.
 *
 * @throws LifeguardError `LIFEGUARD_INVALID_OPTION`.
 */
export function lifeguardMiddleware(options?: LifeguardOptions): Middleware;
export function lifeguardMiddleware(
  first?: object,
  options?: LifeguardOptions,
): Middleware | LifeguardMiddleware {
  const pass: Middleware = (params, next) => next(params);
  if (!isClient(first)) {
    guardEvery(first);
    return pass;
  }
  return Object.assign(pass, { lifeguard: guardClient(first, options) });
}

function isClient(value: object | undefined): value is object {
  return (value as { _engineConfig?: unknown } | null | undefined)?._engineConfig !== undefined;
}
