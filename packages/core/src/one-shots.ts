import { fateOf } from './fates.ts';
import type { Answer } from './lost-statements.ts';
import { orAgain, runAgain } from './retry.ts';
import { shadow } from './shadow.ts';

/** What runs single statements, each on a connection that it borrows and gives back. */
export interface OneShots {
  query(...call: unknown[]): unknown;
  execute(...call: unknown[]): unknown;
}

/**
 * Has single statements run again where that is safe (option `retry`), whether they answer by a
 * callback, given last, or by a promise, and while the pool `isOpen`. What is read or sent as a stream
 * is not: a part of it may have been seen. Returns the functions that undo it.
 */
export function retryOneShots(of: OneShots, isOpen: () => boolean): (() => void)[] {
  return (['query', 'execute'] as const).map((name) => {
    const bare = of[name];
    const send: Send = (call) => bare.apply(of, call);
    return shadow(of, name, (...call) => {
      if (typeof call.at(-1) === 'function') return withCallback(call, send, isOpen);
      const result = send(call);
      if (!(result instanceof Promise)) return result;
      return result.catch((error: unknown) => {
        if (!mayRepeat(error, call)) throw error;
        return orAgain(error, () => send(call) as Promise<unknown>, isOpen);
      });
    });
  });
}

type Send = (call: unknown[]) => unknown;

/** All but the function that is told the answer is made only when a statement has failed. */
function withCallback(call: unknown[], send: Send, isOpen: () => boolean): unknown {
  const answer = call.at(-1) as Answer;
  const answered = function (this: unknown, error: Error | null, ...results: unknown[]): void {
    if (error) {
      const told: Answer = (...said) => answer.apply(this, said);
      if (repeats(error, { request: call.slice(0, -1), answer: told }, send, isOpen)) return;
    }
    answer.call(this, error, ...results);
  };
  call[call.length - 1] = answered;
  return send(call);
}

/** Whether a statement that failed is run again, and `answer` told how that ends. */
function repeats(
  error: Error,
  { request, answer }: { readonly request: readonly unknown[]; readonly answer: Answer },
  send: Send,
  mayRun: () => boolean,
): boolean {
  if (!mayRepeat(error, request)) return false;
  const run = (answered: Answer): void => void send([...request, answered]);
  return runAgain(error, { run, answer, mayRun });
}

/** Asked of few errors: looking through the parameters takes time. */
function mayRepeat(error: unknown, request: readonly unknown[]): boolean {
  return fateOf(error)?.repeatable === true && !hasStream(request);
}

/** A parameter that is a stream has been read, and cannot be sent once more. */
function hasStream(request: readonly unknown[]): boolean {
  return request.some((part) => isStream(part) || valuesOf(part).some(isStream));
}

/** The parameters in what a statement is given: a list, named ones, or an object with `values`. */
function valuesOf(part: unknown): readonly unknown[] {
  if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return [];
  const { values } = part as { readonly values?: unknown };
  const members = Object.values(part) as unknown[];
  const isList = Array.isArray(part) || typeof values !== 'object' || values === null;
  return isList ? members : [...members, ...(Object.values(values) as unknown[])];
}

function isStream(value: unknown): boolean {
  return typeof (value as { pipe?: unknown } | null | undefined)?.pipe === 'function';
}
