import { nowMs } from '../clock.ts';
import type { QueryEntry } from './log.ts';

/** How long a user waits before he gives up. The same limit holds bare and guarded. */
export const PATIENCE_MS = 8_000;

/** Notes every question's start, end and error. */
export class QueryLog {
  readonly entries: QueryEntry[] = [];

  /** Asks and notes how that went. A failure is noted too, and not thrown. */
  async ask(
    who: string,
    kind: QueryEntry['kind'],
    question: () => Promise<unknown>,
  ): Promise<void> {
    const entry: QueryEntry = { who, kind, startMs: nowMs() };
    this.entries.push(entry);
    try {
      entry.unanswered = !(await isAnswered(question()));
      if (entry.unanswered) entry.error = `no answer within ${PATIENCE_MS / 1000} s`;
    } catch (error) {
      entry.error = inOneLine(error instanceof Error ? error.message : String(error));
    }
    entry.endMs = nowMs();
  }
}

/** Prisma's messages have several. */
const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

async function isAnswered(answer: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, false);
  });
  try {
    return await Promise.race([answer.then(() => true), patience]);
  } finally {
    clearTimeout(timer);
  }
}
