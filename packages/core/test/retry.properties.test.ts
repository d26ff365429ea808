import { expect } from 'chai';
import * as fc from 'fast-check';
import type { Answer } from '../src/lost-statements.ts';
import { runAgain, type RetryPolicy } from '../src/retry.ts';
import { driverError } from './support/fake-connection.ts';
import { holds } from './support/holds.ts';
import { open } from './support/open.ts';
import { cutOff, readOnly, Sender, unwritten } from './support/sender.ts';

const TIMEOUT_MS = 10_000;
const policies = fc.constantFrom<RetryPolicy[]>('unexecuted', 'reads', false);

/** What can come of a statement: it is lost and was not executed, or may have been, or is refused. */
const OUTCOMES = {
  'not written': unwritten,
  'cut off': cutOff,
  'read-only': readOnly,
  'an error of its own': () => driverError('Duplicate entry', { errno: 1062 }),
  done: () => 'a row',
};
type Outcome = keyof typeof OUTCOMES;
const outcomes = fc.array(
  fc.constantFrom(
    ...(Object.keys(OUTCOMES) as Outcome[]),
    'read-only' as const,
    'not written' as const,
  ),
  {
    maxLength: 8,
  },
);

/** Whether one that writes, or one that only reads, may run again after this. */
function mayRepeat(outcome: Outcome | undefined, isRead: boolean, retry: RetryPolicy): boolean {
  if (retry === false) return false;
  if (outcome === 'not written') return true;
  if (outcome === 'read-only') return !isRead || retry === 'reads';
  return outcome === 'cut off' && isRead && retry === 'reads';
}

/** How often it is sent, by the rule told anew: two losses, pauses after refusals, and the time. */
function timesSent(
  all: readonly Outcome[],
  isRead: boolean,
  retry: RetryPolicy,
  thinksMs: number,
): number {
  let [losses, pauseMs, sinceLossMs] = [0, 25, 0];
  for (const [place, outcome] of all.entries()) {
    if (place > 0) sinceLossMs += thinksMs;
    if (!mayRepeat(outcome, isRead, retry)) return place + 1;
    const waitsMs = outcome === 'read-only' ? pauseMs : 0;
    if (outcome === 'read-only') pauseMs = Math.min(250, pauseMs * 2);
    else losses++;
    if (losses > 2 || sinceLossMs + waitsMs > TIMEOUT_MS) return place + 1;
    sinceLossMs += waitsMs;
  }
  return all.length + 1;
}

describe('a statement that runs again, whatever comes of it', () => {
  holds(
    'is sent as often as the rule allows, in time, and answered once with the last that came',
    500,
    fc.asyncProperty(
      outcomes,
      fc.boolean(),
      policies,
      fc.constantFrom(0, 1, 100, 3_000, 9_975, 10_000, 10_001),
      async (all, isRead, retry, thinksMs) => {
        const sql = isRead ? 'SELECT 1' : 'INSERT INTO t VALUES (1)';
        const made = all.map((outcome) => OUTCOMES[outcome]());
        const sender = new Sender(open({ retry }), ...made);
        sender.thinksMs = thinksMs;
        const answers: Parameters<Answer>[] = [];
        const run = (answer: Answer): void => sender.send(sql, answer);
        const answer: Answer = (...said) => void answers.push(said);
        run((error, ...results) => {
          if (!error || !runAgain(error, { run, answer })) answer(error, ...results);
        });
        await sender.pool.clock.run(120_000);

        const times = timesSent(all, isRead, retry, thinksMs);
        const last = made[times - 1] ?? 'done';
        expect(sender.sent).to.have.length(times);
        expect(answers).to.deep.equal([last instanceof Error ? [last] : [null, last]]);
        expect(sender.pool.guard.stats().retries).to.equal(times - 1);
        const [first = 0] = sender.sent.map(({ at }) => at);
        for (const { at } of sender.sent) expect(at - first).to.be.at.most(thinksMs + TIMEOUT_MS);
      },
    ),
  );
});
