import { expect } from 'chai';
import type { Expectation } from '../fault.ts';
import { HANGING } from '../orders.ts';
import type { Outcome, Step } from '../orders.ts';

/** What those that failed said, and how many said it. */
export function failuresOf(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { error } of outcomes) {
    if (!error) continue;
    const said = `${error.name} ${error.code ?? ''}: ${error.message}`;
    counts[said] = (counts[said] ?? 0) + 1;
  }
  return counts;
}

const failed = (outcomes: readonly Outcome[]): number => outcomes.filter(({ ok }) => !ok).length;

/** Nothing failed, neither when the fault was over nor afterwards. */
export const nothingFails: Expectation = ({ outcomes, later }) => {
  expect(failuresOf(outcomes), 'failures').to.deep.equal({});
  expect(failuresOf(later), 'failures afterwards').to.deep.equal({});
  expect(outcomes, 'steps').not.to.have.length(0);
};

/** At least so many failed. */
export function atLeastFail(count: number): Expectation {
  return ({ outcomes }) => {
    expect(failed(outcomes), 'failures').to.be.at.least(count);
  };
}

/** All failed, each with an error. */
export const allFail: Expectation = ({ outcomes }) => {
  expect(failed(outcomes), 'failures').to.equal(outcomes.length);
  expect(hangingOf(outcomes), 'hanging').to.equal(0);
};

/** All hang: nobody tells them anything. */
export const allHang: Expectation = ({ outcomes }) => {
  expect(hangingOf(outcomes), 'hanging').to.equal(outcomes.length);
};

const hangingOf = (outcomes: readonly Outcome[]): number =>
  outcomes.filter(({ error }) => error?.code === HANGING).length;

/** Each query was given the answer to its own question, and not to somebody else's. */
export const eachHasItsAnswer: Expectation = ({ outcomes }) => {
  const answers = outcomes.map(({ rows }) => Number((rows as { value: unknown }[])[0]?.value));
  expect(answers, 'answers').to.deep.equal(numbers(outcomes.length));
};

/** Several expectations in one. */
export function all(...expectations: readonly Expectation[]): Expectation {
  return async (trial) => {
    for (const expectation of expectations) await expectation(trial);
  };
}

/** From 0 on. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** A statement without parameters. */
export function query(sql: string): Step {
  return { do: 'query', sql };
}

/** A statement that reads nothing but its own parameter. */
export function read(value: number): Step {
  return { do: 'query', sql: 'SELECT ? AS value', params: [value] };
}
