import { setTimeout as sleep } from 'node:timers/promises';
import { moment } from '../moment.ts';
import type { Random } from '../random.ts';
import type { Subject } from './subject.ts';

/** People at a time who use one subject. */
const CROWD = 6;

/** People who use the subjects in random ways, until they are told to leave. */
export class Traffic {
  readonly #subjects: readonly Subject[];
  #leaving = false;
  #restUntil = 0;
  #people: Promise<unknown> = Promise.resolve();

  constructor(subjects: readonly Subject[]) {
    this.#subjects = subjects;
  }

  begin(random: Random): void {
    this.#leaving = false;
    const people = this.#subjects.flatMap((subject) =>
      Array.from({ length: CROWD }, () => this.#person(subject, random.branch())),
    );
    this.#people = Promise.all(people);
  }

  /** Nobody begins anything for so long. */
  rest(ms: number): void {
    this.#restUntil = moment() + ms;
  }

  /** Resolves when everybody has finished what he was at. */
  async end(): Promise<void> {
    this.#leaving = true;
    await this.#people;
  }

  async #person({ tasks, steps }: Subject, random: Random): Promise<void> {
    while (!this.#leaving) {
      const since = moment();
      const task = random.pick(tasks);
      await task(random).catch((error: unknown) =>
        steps.tell(error, { kind: 'other', since, from: since }),
      );
      await sleep(random.between(1, 30));
      while (!this.#leaving && moment() < this.#restUntil) await sleep(20);
    }
  }
}
