import type { Ask } from '../measuring/closed-loop.ts';
import { answerTo, timeOf, type First } from '../measuring/first-answer.ts';
import type { Dial, HangUp } from './dial.ts';
import type { Address } from './opened.ts';

/** The name of what a lost connection costs at the least. */
export const DIALING = 'a dial and a statement';

/** One dial, outside of all pools, and one statement of a pool that has lost nothing. */
export function dialing(dial: Dial, server: Address, ask: Ask): First {
  return async () => {
    let hangUp: HangUp | undefined;
    const ms = await timeOf(async () => {
      hangUp = await dial(server);
      await answerTo(ask);
    });
    hangUp?.();
    return ms;
  };
}
