import type { DatabaseServer } from '@pool-lifeguard/testkit';
import { figuresOf, type Figure, type Outcome, type Readings } from './figures.ts';
import { collectYoung } from './garbage.ts';

/** What a benchmark is given beside its subject. */
export interface Plan {
  readonly server: DatabaseServer;
  /** The server as the figures name it. */
  readonly serverName: string;
  /** The kind of benchmark that runs. */
  readonly kind: string;
  /** Whether a driver or an ORM, by its name, is to be measured. */
  readonly wants: (subject: string) => boolean;
  /** How often each side of a case is measured. */
  readonly rounds: number;
  /** How long one side is measured in one round, in milliseconds. */
  readonly sideMs: number;
  /** Tells what is being measured. */
  readonly say: (line: string) => void;
}

/** One of those who are compared. */
export interface Side<T> {
  readonly name: string;
  readonly subject: T;
}

/** One case: the same thing done by several sides. */
export interface Contest<T> {
  readonly name: string;
  /** All are compared with the first. */
  readonly sides: readonly Side<T>[];
  readonly measure: (subject: T) => Promise<Readings>;
  /** An error is something to report, not the end of the run. */
  readonly mayFail?: boolean;
}

/**
 * Measures all sides in each round, close to each other in time, so that whatever slows the machine
 * down meets all; who goes first changes from round to round.
 */
export function compare<T>(plan: Plan, contest: Contest<T>): Promise<Figure[]> {
  return compareTogether(plan, [contest]);
}

/** Measures several cases in the same rounds, each of which begins with something for all of them. */
export async function compareTogether<T>(
  plan: Plan,
  contests: readonly Contest<T>[],
  beforeRound: () => Promise<void> = () => Promise.resolve(),
): Promise<Figure[]> {
  const { serverName, kind } = plan;
  for (const { name } of contests) plan.say(`${serverName}: ${name}`);
  const rounds: Outcome[][][] = [];
  for (let round = 0; round < plan.rounds; round++) {
    await beforeRound();
    const outcomes: Outcome[][] = [];
    for (const contest of contests) outcomes.push(await takeTurns(contest, round));
    rounds.push(outcomes);
  }
  return contests.flatMap(({ name, sides }, at) =>
    figuresOf(
      { server: serverName, kind, case: name },
      sides.map((side, place) => {
        return { side: side.name, outcomes: rounds.flatMap((all) => all[at]?.[place] ?? []) };
      }),
    ),
  );
}

/** One round of one case: the outcomes in the order of the sides, whoever went first. */
async function takeTurns<T>(contest: Contest<T>, round: number): Promise<Outcome[]> {
  const { sides } = contest;
  const outcomes: Outcome[] = [];
  for (let turn = 0; turn < sides.length; turn++) {
    const place = (round + turn) % sides.length;
    const side = sides[place];
    if (side) outcomes[place] = await measureClean(contest, side);
  }
  return outcomes;
}

/** No side pays for the garbage of another. */
async function measureClean<T>(contest: Contest<T>, side: Side<T>): Promise<Outcome> {
  collectYoung();
  try {
    return await contest.measure(side.subject);
  } catch (error) {
    if (contest.mayFail !== true) throw error;
    return { failed: reasonOf(error) };
  }
}

/** What tells an error apart from others, in few words. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? code : (String(message ?? error).split('\n')[0] ?? '');
}
