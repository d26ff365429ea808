import { LifeguardError } from '@pool-lifeguard/typeorm';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryRunner } from 'typeorm';
import { moment } from '../moment.ts';
import type { Random } from '../random.ts';
import type { Kind } from './outcome.ts';
import { expectAnswer, wordOf, type Steps } from './steps.ts';

/** A write that is told from others by its number. */
export const INSERT = "INSERT INTO ledger (number, filler) VALUES (?, REPEAT('x', 100))";

/** Asks for a number, and checks that it is what comes back. */
export async function echoed(
  asked: { query(sql: string, parameters?: unknown[]): Promise<unknown> },
  number: number,
): Promise<void> {
  const rows = (await asked.query('SELECT ? AS number', [number])) as { number: unknown }[];
  expectAnswer(rows[0]?.number, number);
}

const STREAMED = 200;
/** Long enough that it is under way for a while, in many packets. */
const ROWS = `
  WITH RECURSIVE places AS (SELECT 1 AS place UNION ALL SELECT place + 1 FROM places WHERE place < ${STREAMED})
  SELECT place, REPEAT('x', 2000) AS filling FROM places`;

/** A query runner that is held over several statements, and pauses. */
export class HeldRunner {
  readonly #runner: QueryRunner;
  readonly #steps: Steps;
  readonly #numbers: () => number;
  readonly #since = moment();
  /** The user variable of the session, and since when it is set. */
  #variable: { readonly value: number | undefined; readonly since: number } | undefined;

  constructor(runner: QueryRunner, steps: Steps, numbers: () => number) {
    this.#runner = runner;
    this.#steps = steps;
    this.#numbers = numbers;
  }

  async use(random: Random): Promise<void> {
    try {
      for (let left = random.between(2, 5); left > 0; left -= 1) {
        // A failure has been told; the next statement of the same runner must work.
        await this.#step(random).catch((error: unknown) => this.#forget(error));
        await sleep(random.chance(0.1) ? random.between(500, 2_000) : random.between(0, 50));
      }
    } finally {
      await this.#runner.release();
    }
  }

  /** The variable is there until it is said that it is lost. */
  #forget(error: unknown): void {
    if (error instanceof LifeguardError) this.#variable = undefined;
  }

  #step(random: Random): Promise<void> {
    const number = random.between(1, 1e9);
    switch (random.between(1, 5)) {
      case 1:
        return this.#take(() => echoed(this.#runner, number));
      case 2:
        return this.#write();
      case 3:
        return this.#set(number);
      case 4:
        return this.#remember();
      default:
        return this.#take(() => this.#stream(), 'stream');
    }
  }

  #take<T>(send: () => Promise<T>, kind = this.#kind): Promise<T> {
    return this.#steps.take(kind, send, this.#variable?.since ?? this.#since);
  }

  get #kind(): Kind {
    return this.#variable ? 'session' : 'held';
  }

  #write(): Promise<void> {
    const number = this.#numbers();
    const send = (): Promise<unknown> => this.#runner.query(INSERT, [number]);
    const since = this.#variable?.since ?? this.#since;
    return this.#steps.write(this.#kind, [number], send, wordOf, since);
  }

  async #set(value: number): Promise<void> {
    const since = this.#variable?.since ?? moment();
    // Until it is acknowledged it may have any value.
    this.#variable = { value: undefined, since };
    await this.#take(() => this.#runner.query('SET @soak = ?', [value]));
    this.#variable = { value, since };
  }

  async #remember(): Promise<void> {
    const { value } = this.#variable ?? {};
    if (value === undefined) return;
    await this.#take(async () => {
      const rows = (await this.#runner.query('SELECT @soak AS number')) as { number: unknown }[];
      expectAnswer(rows[0]?.number, value);
    });
  }

  async #stream(): Promise<void> {
    const stream = await this.#runner.stream(ROWS);
    let read = 0;
    stream.on('data', () => (read += 1));
    await once(stream, 'end');
    expectAnswer(read, STREAMED);
  }
}
