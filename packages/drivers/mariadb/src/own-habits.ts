import { LifeguardError, type Policy, type Surroundings } from '@pool-lifeguard/core';
import type { Pool } from './mariadb-shapes.ts';
import type { PrivateParts } from './private-parts.ts';

/** The pool's `acquireTimeout` is a deadline over waiting, too, unless the user sets one of ours. */
export function withDeadline(surroundings: Surroundings, { opts }: Pool): Surroundings {
  const { policy } = surroundings;
  if (policy.limitsWaiting) return surroundings;
  const connectionTimeoutMs = Math.max(1, opts.acquireTimeout || 1);
  const validationTimeoutMs = Math.min(policy.validationTimeoutMs, connectionTimeoutMs);
  const own: Policy = { ...policy, connectionTimeoutMs, validationTimeoutMs, limitsWaiting: true };
  return { ...surroundings, policy: Object.freeze(own) };
}

/**
 * Without a guard the pool pings whatever has rested for `minDelayValidation`, so it would miss a ping
 * more than others do: a connection that is silent for `pingAfter` gets one, whatever is heard on
 * the others.
 */
export function withPings(surroundings: Surroundings): Surroundings {
  const { policy } = surroundings;
  const pingIdleAfterMs = Math.min(policy.pingIdleAfterMs, policy.pingAfterMs);
  return { ...surroundings, policy: Object.freeze({ ...policy, pingIdleAfterMs }) };
}

/** What the pool itself says when its `acquireTimeout` has passed, with our error as the cause. */
export function inTheDriversWords(
  { pool, requests }: PrivateParts,
  error: Error,
  waitedMs: number,
  stack: string | undefined,
): Error {
  const passed = error instanceof LifeguardError && error.code === 'LIFEGUARD_CONNECTION_TIMEOUT';
  if (!passed) return error;
  let own: Error = error;
  const request = {
    timeout: pool.opts.acquireTimeout,
    stack,
    resolver: () => undefined,
    reject: (said: Error) => void (own = said),
  };
  requests.unshift(request);
  pool._rejectTimedOutRequest(request, Math.round(waitedMs));
  // The pool would name the first error it ever met.
  Object.defineProperty(own, 'cause', { value: error, configurable: true, writable: true });
  return own;
}
