import type { Failure, LoadOrder, LoadReport } from '../orders.ts';
import { failureOf } from './perform.ts';
import type { Target } from './targets.ts';

/** A worker that fails this often gives up, lest it turn round and round without any I/O. */
const ENOUGH_FAILURES = 20;

/** Workers that query without pause until they are told to stop. */
export class SteadyLoad {
  readonly #failures: Failure[] = [];
  readonly #workers: readonly Promise<void>[];
  #queries = 0;
  #stopped = false;

  constructor(target: Target, { workers, sql }: LoadOrder) {
    this.#workers = Array.from({ length: workers }, (_, worker) => {
      return this.#work(target, sql[worker % sql.length] ?? 'SELECT 1');
    });
  }

  /** Stops and resolves when the last query is answered. */
  async stop(): Promise<LoadReport> {
    this.#stopped = true;
    await Promise.all(this.#workers);
    return { queries: this.#queries, failures: this.#failures };
  }

  async #work(target: Target, sql: string): Promise<void> {
    for (let failed = 0; !this.#stopped && failed < ENOUGH_FAILURES; this.#queries += 1) {
      try {
        await target.act({ do: 'query', sql });
      } catch (error) {
        failed += 1;
        this.#failures.push(failureOf(error));
      }
    }
  }
}
