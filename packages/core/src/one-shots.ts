import { orAgain, runAgain, type Answer } from './retry.ts';
import { shadow } from './shadow.ts';

/** What runs single statements, each on a connection that it borrows and gives back. */
export interface OneShots {
  query(...call: unknown[]): unknown;
  execute(...call: unknown[]): unknown;
}

/**
 * Has single statements run again where that is safe (option `retry`), whether they answer by a
 * callback, given last, or by a promise. What is read or sent as a stream is not: a part of it may
 * have been seen. Returns the functions that undo it.
 */
export function retryOneShots(of: OneShots): (() => void)[] {
  return (['query', 'execute'] as const).map((name) => {
    const send = of[name];
    return shadow(of, name, (...call) => {
      const answer = call.at(-1);
      if (typeof answer === 'function') return withCallback(call, (again) => send.apply(of, again));
      const result = send.apply(of, call);
      if (!(result instanceof Promise)) return result;
      return result.catch((error: unknown) => {
        if (hasStream(call)) throw error;
        return orAgain(error, () => send.apply(of, call) as Promise<unknown>);
      });
    });
  });
}

function withCallback(call: readonly unknown[], send: (call: unknown[]) => unknown): unknown {
  const request = call.slice(0, -1);
  const answer = call.at(-1) as Answer;
  const run = (answered: Answer): void => void send([...request, answered]);
  return send([
    ...request,
    (error: Error | null, ...results: unknown[]): void => {
      if (error && !hasStream(request) && runAgain(error, { run, answer })) return;
      answer(error, ...results);
    },
  ]);
}

/** A parameter that is a stream has been read, and cannot be sent once more. */
function hasStream(request: readonly unknown[]): boolean {
  return request.some((part) => isStream(part) || valuesOf(part).some(isStream));
}

/** The parameters in what a statement is given: a list, named ones, or an object with `values`. */
function valuesOf(part: unknown): readonly unknown[] {
  if (typeof part !== 'object' || part === null) return [];
  const { values } = part as { readonly values?: unknown };
  const members = Object.values(part) as unknown[];
  const isList = Array.isArray(part) || typeof values !== 'object' || values === null;
  return isList ? members : [...members, ...(Object.values(values) as unknown[])];
}

function isStream(value: unknown): boolean {
  return typeof (value as { pipe?: unknown } | null | undefined)?.pipe === 'function';
}
