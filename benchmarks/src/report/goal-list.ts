import { GOALS, type Goal } from '../goals/goals.ts';
import { judge, type Finding, type Judgement } from '../goals/judge.ts';
import { REMARKS } from '../goals/remarks.ts';
import type { Figure } from '../measuring/figures.ts';
import { markdownTable } from 'markdown-table';
import { inUnit, plain } from './cells.ts';

/** The goals that this run can judge, with what it found; empty if there are none. */
export function goalList(figures: readonly Figure[]): string[] {
  const judged = GOALS.flatMap((goal) => {
    const judgement = judge(goal, figures);
    return judgement ? [{ ...judgement, remark: REMARKS[goal.id] }] : [];
  });
  if (judged.length === 0) return [];
  const head = ['goal', 'farthest from it', '95 % within', 'there', 'verdict'];
  return [
    '## Goals',
    ABOUT,
    markdownTable([head, ...judged.map(row)]),
    ...judged
      .filter(({ met }) => !met)
      .flatMap(({ remark, ...judgement }) => missed(judgement, remark)),
  ];
}

const ABOUT = `A goal is met if each of its cases is within the limit, on each server. _Close_: the limit lies
within the range of the median, so that another run may find otherwise.`;

function row({ goal, met, worst }: Judgement): string[] {
  return [
    goal.title,
    amount(goal, worst.value),
    range(goal, worst),
    `${worst.case}, ${worst.server}`,
    `${met ? 'met' : '**not met**'}${worst.close ? ', close' : ''}`,
  ];
}

/** What of a goal is not met, case by case, and what is known about it. */
function missed({ goal, missed: findings }: Judgement, remark: string | undefined): string[] {
  const lines = findings.map((finding) => {
    const { case: name, server, value, close } = finding;
    const note = close ? ', close' : '';
    return `- ${server}, ${name}: ${amount(goal, value)} (${range(goal, finding)}${note})`;
  });
  return [
    `### Not met: ${goal.title}`,
    lines.join('\n'),
    ...(remark === undefined ? [] : [remark]),
  ];
}

function amount(goal: Goal, value: number): string {
  return goal.amount === 'ratio' ? plain(value) : inUnit(goal, value);
}

function range(goal: Goal, { from, to }: Finding): string {
  return `${amount(goal, from)} to ${amount(goal, to)}`;
}
