import { Backoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import { LifeguardError } from './errors.ts';
import type { Executed } from './failures.ts';
import { fateOf, wasUnserved } from './fates.ts';
import type { LeaseSession } from './lease-session.ts';
import { lossOf, noteLoss, type Answer, type Repeatable } from './lost-statements.ts';
import type { Policy } from './policy.ts';
import { isPlainRead } from './plain-reads.ts';
import { readStatement } from './statements.ts';

/** Which statements are run again after their connection was lost. */
export type RetryPolicy = 'unexecuted' | 'reads' | false;

/**
 * Whether a statement that was lost with its connection may run again on another one: where the
 * server certainly did not run it (or it is a plain read, if the user says so), outside of a
 * transaction, and where no session state is missed there.
 */
export function isRepeatable(
  retry: RetryPolicy,
  session: LeaseSession,
  sql: string,
  executed: Executed,
): boolean {
  if (retry === false || !session.isReplaceable) return false;
  if (executed === 'unknown' && !(retry === 'reads' && isPlainRead(sql))) return false;
  return !readStatement(sql).readsSession;
}

/**
 * A statement failed, as its sender is about to be told. Returns false, having done nothing, if it may
 * not run again.
 */
export function runAgain(error: unknown, statement: Repeatable): boolean {
  if (!fateOf(error)?.repeatable) return false;
  const loss = lossOf(error as Error);
  loss?.retry.again(error as Error, statement);
  return loss !== undefined;
}

/**
 * The same for a statement that answers by a promise: resolves or rejects as it does in the end, or
 * at once with `error` if it may not run again.
 */
export function orAgain<T>(
  error: unknown,
  send: () => Promise<T>,
  mayRun?: (lost: object) => boolean,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const run = async (answer: Answer): Promise<void> => {
      let result: T;
      try {
        result = await send();
      } catch (failure) {
        // What is no object was thrown by somebody else, and is passed on as it is.
        // oxlint-disable-next-line prefer-promise-reject-errors
        return typeof failure === 'object' && failure ? answer(failure as Error) : reject(failure);
      }
      answer(null, result);
    };
    const again = runAgain(error, {
      run: (answer) => void run(answer),
      answer: (failure, result) => (failure ? reject(failure) : resolve(result as T)),
      ...(mayRun && { mayRun }),
    });
    // It is passed on as it came, whatever it is.
    // oxlint-disable-next-line prefer-promise-reject-errors
    if (!again) reject(error);
  });
}

/** A statement that kills every connection it is sent on, as a packet too large does, stops here. */
const MOST_LOSSES = 2;

/** So long no writer is waited for after none was found within `connectionTimeout`. */
const FUTILE_MS = 60_000;

/** What retrying needs of its pool. */
export interface RetryHost {
  readonly policy: Policy;
  readonly clock: Clock;
  readonly random: () => number;
  /** The statement that ended with this error is run again. */
  repeated(error: Error): void;
}

/** Runs statements again that may be, on other connections; none later than `connectionTimeout`. */
export class Retry {
  readonly #host: RetryHost;
  /** Until then a read-only server is taken for one that is so by nature. */
  #futileUntil = -Infinity;

  constructor(host: RetryHost) {
    this.#host = host;
  }

  /** Whoever gets this error may ask for its statement to be run again. */
  lost(error: Error, connection: object): void {
    noteLoss(error, { retry: this, connection });
  }

  again(error: Error, { run, answer, mayRun }: Repeatable): void {
    const { clock, policy, random } = this.#host;
    const since = clock.now();
    const backoff = new Backoff(random);
    let timesLost = 0;
    let timesRefused = 0;
    const repeat = (latest: Error): void => {
      const lost = lossOf(latest)?.connection;
      if (lost && mayRun && !mayRun(lost)) return answer(latest);
      this.#host.repeated(latest);
      run(once(answered));
    };
    const answered: Answer = (latest, ...results) => {
      if (latest) return failed(latest);
      // One that had been refused has found a writer.
      if (timesRefused > 0) this.#futileUntil = -Infinity;
      answer(null, ...results);
    };
    const failed = (latest: Error): void => {
      const fate = fateOf(latest);
      // That no connection could be had is not what became of the statement.
      if (!fate) return answer(isOurs(latest) ? error : latest);
      const isRefusal = fate.scope === 'generation';
      const pauseMs = isRefusal ? backoff.next() : 0;
      const now = clock.now();
      const isLate = now + pauseMs > since + policy.connectionTimeoutMs;
      // A server that is read-only by nature is asked once more, and not again and again.
      const isEnough = isRefusal
        ? ++timesRefused > 1 && now < this.#futileUntil
        : ++timesLost > MOST_LOSSES;
      if (isRefusal && (isLate || isEnough)) this.#futileUntil = now + FUTILE_MS;
      if (!fate.repeatable || isLate || isEnough) return answer(latest);
      // Not at once: the driver is still at dropping the connection.
      if (pauseMs > 0) clock.timer(pauseMs, () => repeat(latest), 'busy');
      else clock.afterPoll(() => repeat(latest));
    };
    failed(error);
  }
}

/** Some drivers answer twice, as mariadb's cluster does where no node matches. */
function once(answer: Answer): Answer {
  let isAnswered = false;
  return (...said) => {
    if (isAnswered) return;
    isAnswered = true;
    answer(...said);
  };
}

/** No connection could be had, which does not tell what became of the statement. */
function isOurs(error: Error): boolean {
  return error instanceof LifeguardError || wasUnserved(error);
}
