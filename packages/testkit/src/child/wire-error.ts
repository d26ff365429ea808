/** An error in a shape that survives the way from one process to another. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: unknown;
  readonly errno: unknown;
  readonly syscall: unknown;
  readonly sqlState: unknown;
  readonly cause: WireError | undefined;
}

type Details = Partial<Record<'code' | 'errno' | 'syscall' | 'sqlState', unknown>>;

/** Packs an error, with the chain of its causes. */
export function packError(thrown: unknown): WireError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { code, errno, syscall, sqlState } = error as Details;
  const cause = error.cause === undefined ? undefined : packError(error.cause);
  const { name, message, stack } = error;
  return { name, message, stack, code, errno, syscall, sqlState, cause };
}

/** Makes an error of what was packed, as like the original as another process can make it. */
export function unpackError({ cause, name, message, stack, ...details }: WireError): Error {
  const error = cause ? new Error(message, { cause: unpackError(cause) }) : new Error(message);
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true });
  const known = Object.entries(details).filter(([, value]) => value !== undefined);
  return Object.assign(error, Object.fromEntries(known));
}
