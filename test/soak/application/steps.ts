import { lossOf } from '@pool-lifeguard/prisma';
import { fateOf, LifeguardError } from '@pool-lifeguard/typeorm';
import { moment } from '../moment.ts';
import type { Failure, FailedStep, Kind, Orm, Word, Written } from './outcome.ts';

/** So long a step may take at most; a longer one hangs. */
const PATIENCE_MS = 30_000;

/** Says that a step got no answer at all. */
class Hung extends Error {
  override readonly name = 'Hung';
}

/** Says that an answer was not the one to the question. */
class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';
}

/** Checks that an answer is the one to the question. */
export function expectAnswer(answer: unknown, wanted: number): void {
  if (Number(answer) !== wanted) throw new WrongAnswer(`${String(answer)} instead of ${wanted}`);
}

/** Where news go. */
export interface Told {
  failed(step: FailedStep): void;
  written(written: Written): void;
}

/** The steps of the traffic through one ORM: timed, waited for with patience, told when they fail. */
export class Steps {
  readonly counts: Partial<Record<Kind, number>> = {};
  readonly #orm: Orm;
  readonly #told: Told;
  readonly #known = new WeakSet<object>();

  constructor(orm: Orm, told: Told) {
    this.#orm = orm;
    this.#told = told;
  }

  /** Takes a step. Its failure is told, and thrown on. */
  async take<T>(kind: Kind, send: () => Promise<T>, since?: number): Promise<T> {
    const from = moment();
    try {
      const result = await patiently(send());
      this.counts[kind] = (this.counts[kind] ?? 0) + 1;
      return result;
    } catch (error) {
      this.tell(error, { kind, since: since ?? from, from });
      throw error;
    }
  }

  /** The same for a step that writes; `word` says what its sender knows after a failure. */
  async write(
    kind: Kind,
    numbers: readonly number[],
    send: () => Promise<unknown>,
    word: (error: unknown) => Word = wordOf,
    since?: number,
  ): Promise<void> {
    const from = moment();
    try {
      await this.take(kind, send, since);
    } catch (error) {
      this.written(numbers, word(error), from);
      throw error;
    }
    this.written(numbers, 'stored', from);
  }

  /** Tells what the sender of writes knows of them. */
  written(numbers: readonly number[], word: Word, from: number): void {
    this.#told.written({ orm: this.#orm, numbers, word, from, to: moment() });
  }

  /** Tells a failure once. */
  tell(error: unknown, step: Omit<FailedStep, 'orm' | 'to' | 'failure'>): void {
    const thrown = error instanceof Error ? error : new Error(String(error));
    if (this.#known.has(thrown)) return;
    this.#known.add(thrown);
    this.#told.failed({ orm: this.#orm, ...step, to: moment(), failure: failureOf(thrown) });
  }
}

/** What the sender of a single write, or of a commit, knows after its failure. */
export function wordOf(error: unknown): Word {
  if (fateOf(error)?.executed === 'no') return 'not stored';
  const { lifeguard } = failureOf(error as Error);
  return lifeguard !== undefined && UNSENT.includes(lifeguard) ? 'not stored' : 'unknown';
}

/** Errors that say that a statement was not sent, or that its transaction was rolled back. */
const UNSENT = [
  'LIFEGUARD_TRANSACTION_LOST',
  'LIFEGUARD_SESSION_LOST',
  'LIFEGUARD_CONNECTION_TIMEOUT',
];

/** What the errors of drivers and ORMs have of it, and in `cause` those of Prisma's driver adapter. */
interface Details {
  readonly code?: string | number;
  readonly errno?: number;
  readonly driverError?: Details;
  readonly cause?: { readonly code?: unknown };
  readonly meta?: { readonly driverAdapterError?: Details };
}

function failureOf(error: Error): Failure {
  const details = error as Details;
  const { code, errno } = details.driverError ?? details;
  const { cause } = details.meta?.driverAdapterError ?? details;
  const fate = fateOf(error);
  const lifeguard = error instanceof LifeguardError ? error : lossOf(error);
  return {
    name: error.name,
    message: lastLine(error.message),
    code: code === undefined ? undefined : String(code),
    errno: errno ?? (Number(cause?.code) || undefined),
    lifeguard: lifeguard?.code,
    executed: fate?.executed,
    repeatable: fate?.repeatable,
  };
}

/** Prisma shows the source of whoever asked first. */
function lastLine(message: string): string {
  return message.trim().split('\n').at(-1) ?? '';
}

async function patiently<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const impatience = new Promise<never>((_resolve, reject) => {
    const late = (): void => reject(new Hung(`no answer within ${PATIENCE_MS} ms`));
    timer = setTimeout(late, PATIENCE_MS);
  });
  try {
    return await Promise.race([answer, impatience]);
  } finally {
    clearTimeout(timer);
  }
}
