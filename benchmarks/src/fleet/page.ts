import { markdownTable } from 'markdown-table';
import { mermaid } from './chart.ts';
import type { Contestant, Day, Outcome } from './day.ts';
import { most, peaks, sum, type Span } from './dial-log.ts';
import { goals, recovery, steadiest, steadyState, type Goal } from './goals.ts';
import { HOLD_MS } from './guarded-instance.ts';
import { MEAN_BORROWS, SAMPLED_EVERY } from './load.ts';
import { LIFETIME_MS, RETRY_MS } from './naive-instance.ts';
import { DIAL_MS, FAREWELL_MS, ROUND_TRIP_MS } from './network.ts';

const NAMES: Readonly<Record<Contestant, string>> = {
  lifeguard: 'Lifeguard',
  'no jitter': 'Lifeguard without jitter',
  naive: 'naive pool',
};

/** How many instances a run has that nobody asked to be smaller. */
export const WHOLE_FLEET = 1_000;

/** Why a goal may be missed, by its place among them: said only of one that is. */
const REASONS: readonly string[] = [
  'All connections of the fleet were opened at once. A lifetime is shortened by up to a quarter at ' +
    'random, so each round of replacements is wider than the one before, and it takes some rounds until ' +
    'the wave of the deploy has run out. Beside that, chance alone puts more than the average into some ' +
    'second, the more so the fewer instances there are.',
  'After an outage dials are paced for as long as the pool takes to fill at that pace, ten seconds at ' +
    'most. Whoever needs a connection after that is dialed for at once, beside others, as a bare driver ' +
    'does: these are bursts of more borrows than the pool has connections for. To pace them too, for ' +
    'minutes, would let them wait for each other wherever a single dial has failed lately.',
  'A connection that is closed, by the keeper or since a borrower met it past its time, makes room for ' +
    'another one at once. The pool never counts more than its limit, but a dial may arrive before the ' +
    'server is done with the one that was closed. Here `max_connections` has no reserve at all, so that ' +
    'such a dial is refused; it is tried again a moment later.',
];

/** The whole page. */
export function pageOf(day: Day, outcomes: readonly Outcome[]): string {
  const [guarded] = outcomes;
  if (!guarded) throw new Error('There is nothing to write about.');
  const found = goals(day, guarded);
  return [
    '# How a fleet behaves',
    `Written by \`${commandOf(day)}\`: a simulation on a virtual clock, the same one each time (seed ${day.seed}). Every number on this page comes from that run.`,
    introduction(day),
    '## The goals',
    markdownTable([
      ['goal', 'met', 'found'],
      ...found.map(({ title, isMet, found: figures }) => [
        title,
        isMet ? 'yes' : '**no**',
        figures,
      ]),
    ]),
    ...missed(found),
    '## In figures',
    figures(day, outcomes),
    ...deploy(day, outcomes),
    ...wholeDay(day, outcomes),
    ...outage(day, outcomes),
    ...failover(day, outcomes),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

function commandOf({ instances }: Day): string {
  return instances === WHOLE_FLEET
    ? 'npm run fleet'
    : `LIFEGUARD_FLEET_INSTANCES=${instances} npm run fleet`;
}

function introduction({ instances, poolSize, seconds, outage, failoverAt }: Day): string {
  return `${instances} processes with a pool of ${poolSize} connections each live through ${seconds / 3_600} hours with one
server, whose \`max_connections\` is exactly what all pools together may have: ${instances * poolSize}. At the
beginning all are deployed at once, and each needs its whole pool. After ${hours(outage.from)} hours the server is
away for ${(outage.to - outage.from) / 60} minutes: it takes all sessions with it and refuses every dial. After
${hours(failoverAt)} hours it fails over: the server that holds the sessions is read-only from then on, and dials
lead to another one.

Three kinds of pools live through the same day:

- **Lifeguard**: the code of \`@pool-lifeguard/core\` as applications run it, with default options. Only the
  driver, the clock and the source of random numbers are the simulation's.
- **Lifeguard without jitter**: the same, where every random number is 0.
- **Naive pool**: what one would write in an afternoon. All its connections are kept open, each for
  ${LIFETIME_MS / 60_000} minutes; what is missing is dialed at once, and again ${RETRY_MS} ms after a dial that failed.

The model leaves out what does not decide when a pool dials. A dial takes ${DIAL_MS.least} to ${DIAL_MS.most} ms however many come at
once, and arrives at half of that; a ping takes ${ROUND_TRIP_MS} ms, and the server notices the end of a connection up
to ${FAREWELL_MS} ms after it hears of it. The load of each process is sampled: every ${SAMPLED_EVERY.usually} s, and every ${SAMPLED_EVERY.closely} s around
an incident, ${MEAN_BORROWS} borrows come at once on average (distributed as Poisson says), each for ${HOLD_MS} ms.`;
}

function missed(found: readonly Goal[]): string[] {
  return found.flatMap(({ isMet, title }, place) =>
    isMet ? [] : [`**Not met:** ${title}. ${REASONS[place] ?? ''}`],
  );
}

function figures(day: Day, outcomes: readonly Outcome[]): string {
  const steady = steadyState(day);
  const after = recovery(day);
  const failover = { from: day.failoverAt, to: day.failoverAt + 120 };
  const rows: readonly (readonly [title: string, figure: (outcome: Outcome) => number])[] = [
    [
      'dials a second in a steady state, on average',
      ({ log }) => steadiest(log.dials, steady).average,
    ],
    ['the same, worst second', ({ log }) => steadiest(log.dials, steady).most],
    ['dials within the second of the deploy', ({ log }) => most(log.dials, { from: 0, to: 1 })],
    ['worst second of the hour after it', ({ log }) => most(log.dials, { from: 1, to: 3_600 })],
    ['dials in the outage, all together', ({ log }) => sum(log.dials, day.outage)],
    ['worst second of the outage', ({ log }) => most(log.dials, day.outage)],
    ['the same, of one instance', ({ log }) => log.mostOfOne(day.outage)],
    ['worst second after the outage', ({ log }) => most(log.dials, after)],
    ['the same, of one instance', ({ log }) => log.mostOfOne(after)],
    [
      'seconds from its end until nine in ten sessions are back',
      (outcome) => recoveredIn(day.outage.to, day, outcome),
    ],
    ['worst second after the failover', ({ log }) => most(log.dials, failover)],
    ['the same, of one instance', ({ log }) => log.mostOfOne(failover)],
    [
      'seconds from it until nine in ten sessions are back',
      (outcome) => recoveredIn(day.failoverAt, day, outcome),
    ],
    ['dials refused by a full server', ({ server }) => server.tooMany],
    ['most sessions of one instance', ({ server }) => server.mostOfOne],
  ];
  return markdownTable(
    [
      ['figure', ...outcomes.map(({ contestant }) => NAMES[contestant])],
      ...rows.map(([title, figure]) => [
        title,
        ...outcomes.map((outcome) => rounded(figure(outcome))),
      ]),
    ],
    { align: ['l', ...outcomes.map(() => 'r')] },
  );
}

/** How many seconds pass until the fleet has nearly as many sessions as before the outage. */
function recoveredIn(from: number, { outage }: Day, { log }: Outcome): number {
  const before = log.open[outage.from - 1] ?? 0;
  const until = log.open.findIndex((open, second) => second >= from && open >= before * 0.9);
  return until < 0 ? Infinity : until - from + 1;
}

function deploy(day: Day, outcomes: readonly Outcome[]): string[] {
  const span = { from: 1, to: Math.min(2 * 3_600, day.outage.from) };
  return [
    '## After a deploy',
    'Dials a second at the server, the worst second of each two minutes; the second of the deploy itself, in which ' +
      'every pool is opened, is left out.',
    ...outcomes.map((outcome) => chart(outcome, span, 120, 'minutes after the deploy', 60, 0)),
  ];
}

function wholeDay(day: Day, outcomes: readonly Outcome[]): string[] {
  const span = { from: 1_800, to: day.outage.from };
  return [
    '## From there to a steady state',
    'The worst second of each quarter of an hour, until the outage.',
    ...outcomes.map((outcome) => chart(outcome, span, 900, 'hours after the deploy', 3_600, 0)),
  ];
}

function outage(day: Day, outcomes: readonly Outcome[]): string[] {
  const { from, to } = day.outage;
  const end = { from: to - 10, to: to + 30 };
  return [
    '## In an outage',
    'The worst second of each five seconds, from a minute before the outage to two minutes after it.',
    ...outcomes.map((outcome) => {
      return chart(
        outcome,
        { from: from - 60, to: to + 120 },
        5,
        'minutes of the outage',
        60,
        from,
      );
    }),
    'And each second around its end.',
    ...outcomes.map((outcome) => chart(outcome, end, 1, 'seconds after the outage', 1, to)),
  ];
}

function failover({ failoverAt }: Day, outcomes: readonly Outcome[]): string[] {
  const span = { from: failoverAt - 5, to: failoverAt + 35 };
  return [
    '## After a failover',
    'Each second. A pool learns of it from the first statement that the read-only server refuses.',
    ...outcomes.map((outcome) =>
      chart(outcome, span, 1, 'seconds after the failover', 1, failoverAt),
    ),
  ];
}

function chart(
  { contestant, log }: Outcome,
  span: Span,
  width: number,
  title: string,
  unit: number,
  origin: number,
): string {
  const x = { title, from: (span.from - origin) / unit, to: (span.to - origin) / unit };
  return mermaid({
    title: NAMES[contestant],
    x: { title, from: Number(x.from.toFixed(1)), to: Number(x.to.toFixed(1)) },
    y: 'dials a second',
    values: peaks(log.dials, span, width),
  });
}

const rounded = (value: number): string => String(Number(value.toFixed(2)));
const hours = (seconds: number): string => String(seconds / 3_600);
