import { setTimeout as sleep } from 'node:timers/promises';

/** How long and how often `waitUntil` asks. */
export interface WaitOptions {
  /** Milliseconds until it gives up; default 10000. */
  readonly timeoutMs?: number;
  /** Milliseconds between two questions; default 10. */
  readonly intervalMs?: number;
  /** What is waited for, in words, for the error message. */
  readonly what?: string;
}

/**
 * Asks the real world again and again until it answers with something truthy, and returns that
 * answer. For conditions which announce themselves by no event, such as another process's state.
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 10, what = 'the condition' }: WaitOptions = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (performance.now() > deadline) {
      throw new Error(`${what} did not come true within ${timeoutMs} ms`);
    }
    await sleep(intervalMs);
  }
}
