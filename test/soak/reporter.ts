import type { FrozenChild } from '@pool-lifeguard/testkit';
import { Book } from '../ledger/book.ts';
import type { FailedStep, News } from './application/outcome.ts';

/** Writes down what the application tells while it runs. */
export class Reporter {
  readonly failed: FailedStep[] = [];
  /** Of a failed write: whether its sender said that it is not stored. */
  readonly book = new Book();

  /** Listens until the application has ended. */
  async follow(application: FrozenChild): Promise<void> {
    for (;;) {
      const news = await application.waitFor('news').catch(() => undefined);
      if (!news) return;
      this.#note(news as unknown as News);
    }
  }

  #note({ failed, written }: News): void {
    this.failed.push(...failed);
    for (const [number, word] of written) {
      if (word === 'stored') this.book.acknowledged.push(number);
      else this.book.failed.set(number, word);
    }
  }
}
