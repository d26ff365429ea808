import type { Kind } from '../options.ts';
import type { Measure } from '../measuring/figures.ts';

/** What of a figure is held against a goal's limit. */
export type Amount =
  /** Guarded less the base. */
  | 'added'
  /** Guarded by the base. */
  | 'ratio'
  /** `added` of the last figure on a server less that of the first: what growing a pool costs. */
  | 'growth';

/** What the guard is to cost at the most. */
export interface Goal {
  /** What `remarks.ts` calls it. */
  readonly id: string;
  readonly title: string;
  readonly kind: Kind;
  readonly measure: Measure;
  /** The cases it is about; default all of the kind. */
  readonly cases?: RegExp;
  readonly amount: Amount;
  /** In the measure's unit, or a plain number for a ratio. */
  readonly limit: Limit;
}

export type Limit = { readonly atMost: number } | { readonly atLeast: number };

/** Borrows from pools of every size, with nobody waiting. */
const BORROWS = /borrow and release, \d+ connections?$/;

/** The sides that are judged; the others are there to compare. */
export const JUDGED_SIDE = 'guarded';

export const GOALS = [
  {
    id: 'fast-path',
    title: 'A borrow and release of a connection used a moment ago adds at most 500 ns',
    kind: 'micro',
    measure: 'time',
    cases: BORROWS,
    amount: 'added',
    limit: { atMost: 500 },
  },
  {
    // Less than the smallest object there is, and more than a heap's counters tremble.
    id: 'allocation',
    title: 'Nothing that a borrow allocates survives it: less than one byte each',
    kind: 'micro',
    measure: 'kept',
    cases: BORROWS,
    amount: 'added',
    limit: { atMost: 1 },
  },
  {
    id: 'flat',
    title: 'A borrow adds at most 100 ns more in a pool of 1000 connections than in a pool of one',
    kind: 'micro',
    measure: 'time',
    cases: BORROWS,
    amount: 'growth',
    limit: { atMost: 100 },
  },
  {
    id: 'load',
    title: 'The throughput of drivers and ORMs is at least 0.99 of the bare one',
    kind: 'load',
    measure: 'throughput',
    amount: 'ratio',
    limit: { atLeast: 0.99 },
  },
  {
    id: 'rest',
    title:
      'The first statement past wait_timeout takes at most 1.2 times as long as after the same rest on a connection that was kept open',
    kind: 'rest',
    measure: 'answer',
    cases: /, past /,
    amount: 'ratio',
    limit: { atMost: 1.2 },
  },
  {
    id: 'freeze',
    title: 'The first statement after a freeze takes at most one dial and one statement',
    kind: 'freeze',
    measure: 'answer',
    amount: 'ratio',
    limit: { atMost: 1 },
  },
  {
    id: 'drop',
    title:
      'A connection lost in silence delays the first statement by at most one dial and 50 ms on loopback',
    kind: 'drop',
    measure: 'answer',
    amount: 'added',
    limit: { atMost: 50 },
  },
] as const satisfies readonly Goal[];

export type GoalId = (typeof GOALS)[number]['id'];
