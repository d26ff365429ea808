import type { FrozenChild } from '@pool-lifeguard/testkit';
import { Book } from '../ledger/book.ts';
import type { FailedStep, News, Written } from './application/outcome.ts';

/** Writes down what the application tells while it runs. */
export class Reporter {
  readonly failed: FailedStep[] = [];
  readonly written: Written[] = [];

  /** What the senders of writes know; of those which failed, the word that they have for it. */
  book(): Book {
    const book = new Book();
    for (const { numbers, word } of this.written) {
      if (word === 'stored') book.acknowledged.push(...numbers);
      else for (const number of numbers) book.failed.set(number, word);
    }
    return book;
  }

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
    this.written.push(...written);
  }
}
