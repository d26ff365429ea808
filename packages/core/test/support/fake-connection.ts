import type { DriverError, FailureTable } from '../../src/failures.ts';

export type Done = (error: Error | null) => void;

/** A connection that is nothing but what core may ask of it, plus how it will behave. */
export class FakeConnection {
  readonly id: number;
  address = 'a:3306';
  /** The addresses that its name led to. */
  names: readonly string[] = [];
  /** What the process has seen of its end. */
  flaw: 'closed' | 'unclean' | undefined;
  /** The other side has ended it. */
  hungUp = false;
  bytes = 100;
  /** It keeps the process alive. */
  holdsProcess = true;
  /** A command is not finished. */
  busy = false;
  ping: 'answers' | 'fails' | 'hangs' | 'answers twice' = 'answers';
  waitTimeout: number | 'fails' | 'hangs' | 'is cut off' | 'says nothing' = 'says nothing';
  /** Those who wait for an answer on it. */
  readonly asking = new Set<Done>();

  constructor(id: number) {
    this.id = id;
  }
}

/** What the errors of the fake driver mean. */
export const failures: FailureTable = {
  byErrno: {
    1045: { scope: 'statement', executed: 'no', permanent: true, why: 'wrong password' },
    1290: { scope: 'generation', executed: 'no', why: 'read-only' },
    4031: { scope: 'connection', executed: 'no', why: 'closed for inactivity' },
  },
  byCode: { ECONNRESET: { scope: 'connection', executed: 'unknown', why: 'reset' } },
};

/** Makes an error as drivers do. */
export function driverError(message: string, facts: Partial<DriverError> = {}): DriverError {
  return Object.assign(new Error(message), facts);
}
