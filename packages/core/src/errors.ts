/** Every error that Lifeguard itself raises carries one of these codes. */
export type LifeguardErrorCode =
  /** An option, or the environment, holds a value that cannot be used. */
  | 'LIFEGUARD_INVALID_OPTION'
  /** `strict: true`, and a configured limit is at or above the server's own. */
  | 'LIFEGUARD_LIMIT_ABOVE_SERVER'
  /** No connection could be opened or validated within `connectionTimeout`. */
  | 'LIFEGUARD_CONNECTION_TIMEOUT'
  /** A held connection died inside a transaction; what it had done is rolled back. */
  | 'LIFEGUARD_TRANSACTION_LOST'
  /** A held connection died while its COMMIT was under way: it may be stored or not. */
  | 'LIFEGUARD_TRANSACTION_UNKNOWN'
  /** A held connection died together with session state that a fresh one lacks. */
  | 'LIFEGUARD_SESSION_LOST'
  /** The object given to `guard()` is not one that this adapter knows. */
  | 'LIFEGUARD_UNSUPPORTED'
  /** Lifeguard closed the connection while something was still using it. */
  | 'LIFEGUARD_CONNECTION_CLOSED';

const brand = Symbol.for('pool-lifeguard.error');

/**
 * The one error class of Lifeguard. `instanceof` holds across the ESM and the CommonJS build and
 * across copies of the package, because the check is by brand.
 */
export class LifeguardError extends Error {
  override readonly name = 'LifeguardError';
  readonly code: LifeguardErrorCode;

  constructor(code: LifeguardErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, brand, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }
}

/** The error of a borrow whose deadline passed: what the pool was doing, and the last real cause. */
export function connectionTimeout(state: {
  poolName: string;
  waitedMs: number;
  busy: number;
  validating: number;
  opening: number;
  cause: Error | undefined;
}): LifeguardError {
  const { poolName, waitedMs, busy, validating, opening, cause } = state;
  return new LifeguardError(
    'LIFEGUARD_CONNECTION_TIMEOUT',
    `No connection of pool "${poolName}" within ${Math.round(waitedMs)} ms (connectionTimeout): ` +
      `${busy} lent, ${validating} being validated, ${opening} being opened` +
      (cause ? `; the last error was: ${cause.message || cause.name}` : ''),
    cause ? { cause } : undefined,
  );
}

/** The error of a dial that was given up. */
export function dialTimeout(timeoutMs: number): LifeguardError {
  return new LifeguardError(
    'LIFEGUARD_CONNECTION_TIMEOUT',
    `No answer to an attempt to open a connection within ${timeoutMs} ms (connectionTimeout).`,
  );
}
