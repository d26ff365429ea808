import { expect } from 'chai';
import * as fc from 'fast-check';
import { judge, type Judgement } from '../src/judge.ts';
import { holds } from './support/holds.ts';
import { facts, healthOf, NOW, policyOf, recordOf, type Facts } from './support/judged.ts';

/** From the mildest to the most severe. */
const SEVERITY = ['use', 'look', 'ping', 'evict'] as const;
type Severity = (typeof SEVERITY)[number];

const judged = (known: Facts): Judgement =>
  judge(recordOf(known), NOW, NOW, policyOf(known), healthOf(known));
const severity = (known: Facts): number => SEVERITY.indexOf(judged(known).verdict);

/** Everything that speaks against a connection, and what each demands by itself. */
const OBJECTIONS: readonly [Severity, (known: Facts) => boolean][] = [
  ['evict', ({ behind }) => behind > 0],
  ['evict', ({ age, lifetime }) => age >= lifetime],
  ['evict', ({ quiet, silenceLimit, learned }) => quiet >= Math.min(silenceLimit, learned)],
  ['evict', ({ idle, idleLimit, minimumIdle }) => minimumIdle === 0 && idle >= idleLimit],
  ['ping', ({ suspect }) => suspect],
  ['ping', ({ silence, doubtedFor }) => silence >= doubtedFor],
  ['ping', ({ silence, pingIdleAfter }) => silence >= pingIdleAfter],
  ['ping', (known) => rested(known) && known.peerSilence >= known.pingAfter],
  ['look', rested],
];

/** Not used and heard just now. */
function rested({ idle, silence, gap, bypass }: Facts): boolean {
  return [idle, silence, gap].some((ms) => ms >= bypass);
}

const objected = (known: Facts): Severity[] =>
  OBJECTIONS.filter(([, applies]) => applies(known)).map(([demanded]) => demanded);

/** What speaks against a connection the more, the greater it is; and the smaller it is. */
const MORE = ['age', 'idle', 'quiet', 'silence', 'peerSilence', 'gap', 'behind'] as const;
const LESS = [
  'lifetime',
  'idleLimit',
  'silenceLimit',
  'doubtedFor',
  'learned',
  'bypass',
  'pingAfter',
  'pingIdleAfter',
] as const;

/** One fact made worse: older, more silent, more doubtful, or measured by a stricter policy. */
const worse: fc.Arbitrary<(known: Facts) => Facts> = fc.oneof(
  fc.tuple(fc.constantFrom(...MORE), fc.nat(60_000)).map(([name, by]) => (known: Facts) => {
    return { ...known, [name]: known[name] + by };
  }),
  fc.tuple(fc.constantFrom(...LESS), fc.nat(60_000)).map(([name, by]) => (known: Facts) => {
    return { ...known, [name]: Math.max(0, known[name] - by) };
  }),
  fc.constant((known: Facts) => ({ ...known, suspect: true })),
);

describe('the judge, whatever is known of a connection', () => {
  holds(
    'says the most severe of what each objection demands',
    3_000,
    fc.property(facts, (known) => {
      const demanded = objected(known).map((one) => SEVERITY.indexOf(one));
      expect(judged(known).verdict).to.equal(SEVERITY[Math.max(0, ...demanded)]);
    }),
  );

  holds(
    'names the first reason to evict: its generation, its lifetime, its idle time',
    3_000,
    fc.property(facts, (known) => {
      const reasons = ['generation', 'lifetime', 'idle-timeout', 'idle-timeout'];
      const first = OBJECTIONS.slice(0, 4).findIndex(([, applies]) => applies(known));
      const said = judged(known);
      expect('reason' in said ? said.reason : undefined).to.equal(reasons[first]);
    }),
  );

  holds(
    'is never milder when something is worse',
    3_000,
    fc.property(facts, worse, (known, made) => {
      expect(severity(made(known))).to.be.at.least(severity(known));
    }),
  );

  holds(
    'says `use` of none that is suspect, or rested for as long as the bypass window',
    3_000,
    fc.property(facts, (known) => {
      if (judged(known).verdict !== 'use') return;
      expect(known.suspect).to.equal(false);
      expect(Math.max(known.idle, known.silence, known.gap)).to.be.below(known.bypass);
    }),
  );

  const answers = new Map<string, Judgement>();
  holds(
    'makes no object: the same answer is the same one, and nobody can change it',
    3_000,
    fc.property(facts, (known) => {
      const said = judged(known);
      const text = JSON.stringify(said);
      expect(said).to.equal(answers.get(text) ?? said).and.to.be.frozen;
      answers.set(text, said);
    }),
  );

  holds(
    'changes nothing that it is given',
    500,
    fc.property(facts, (known) => {
      const record = Object.freeze(recordOf(known));
      Object.freeze(record.peer);
      judge(record, NOW, NOW, policyOf(known), Object.freeze(healthOf(known)));
    }),
  );
});
