import { setTimeout as wait } from 'node:timers/promises';
import { startProxy } from '@pool-lifeguard/testkit';
import type { Ask } from '../measuring/closed-loop.ts';
import { compareTogether, type Plan, type Side } from '../measuring/compare.ts';
import type { Figure } from '../measuring/figures.ts';
import { answerTo, firstAnswers, freshen, timeOf, type First } from '../measuring/first-answer.ts';
import { behind, POOL_SIZE, type Address, type Opened } from '../subjects/opened.ts';
import { BARE, GUARDED, openSides, PINGING, type Way } from '../subjects/sides.ts';
import { mariadb, mysql2, SUBJECTS, subjectsOf, type Subject } from '../subjects/statements.ts';
import { PAST_IT_MS, WAIT_TIMEOUT_S } from './idle-limit.ts';

/** How long nobody asks. */
interface Rest {
  readonly name: string;
  readonly ms: number;
  /** What the server's `wait_timeout` is set to, in seconds; undefined: left alone. */
  readonly waitTimeoutS?: number;
}

const RESTS: readonly Rest[] = [
  { name: 'after 1 s', ms: 1_000 },
  { name: 'after 5 s', ms: 5_000 },
  { name: `past ${WAIT_TIMEOUT_S} s`, ms: PAST_IT_MS, waitTimeoutS: WAIT_TIMEOUT_S },
];

/** On the way to the server and back, each. */
const DELAY_MS = 1;

/** Sends a statement before the one that is measured: what the rest itself costs any process. */
const WARM: Way = { name: 'bare, warm', guarding: undefined };
/** Opened before the server had its limit. */
const KEPT: Way = { name: 'bare, kept open', guarding: undefined };

/** A subject and where its server is. */
interface Entrant {
  readonly subject: Subject;
  readonly server: Address;
  readonly where: string;
}

/**
 * What a client of low traffic meets each time: the first statement after a rest, with the server on
 * this machine, where a round trip costs next to nothing, and with one further away.
 */
export async function rest(plan: Plan): Promise<Figure[]> {
  const proxy = await startProxy(plan.server);
  proxy.delay(DELAY_MS);
  const here = (subject: Subject) => ({ subject, server: plan.server, where: '' });
  const server = behind(proxy, plan.server);
  const away = (subject: Subject) => ({ subject, server, where: `, ${2 * DELAY_MS} ms away` });
  const entrants = [
    ...subjectsOf(plan, SUBJECTS).map(here),
    ...subjectsOf(plan, [mysql2, mariadb]).map(away),
  ];
  const figures: Figure[] = [];
  try {
    for (const one of RESTS) figures.push(...(await restFor(plan, one, entrants)));
  } finally {
    await proxy.stop();
  }
  return figures;
}

/** All entrants rest together, and are asked one after another. */
async function restFor(
  plan: Plan,
  { name, ms, waitTimeoutS }: Rest,
  entrants: readonly Entrant[],
): Promise<Figure[]> {
  const limited = waitTimeoutS !== undefined;
  const pools = new Pools();
  try {
    const contests = entrants.map(({ subject, where }) => {
      return { name: `${subject.name}, ${name}${where}`, sides: [] as Side<First>[] };
    });
    const enter = async (ways: readonly Way[]): Promise<void> => {
      for (const [at, entrant] of entrants.entries()) {
        contests[at]?.sides.push(...(await pools.open(entrant, ways)));
      }
    };
    await enter([limited ? KEPT : BARE, WARM]);
    if (limited) await plan.server.setGlobal('wait_timeout', waitTimeoutS);
    await enter(limited ? [BARE, GUARDED, PINGING] : [GUARDED, PINGING]);
    const cases = contests.map((contest) => firstAnswers(contest.name, contest.sides));
    return await compareTogether(plan, cases, async () => {
      await pools.freshen();
      await wait(ms);
    });
  } finally {
    await plan.server.restoreGlobals();
    await pools.close();
  }
}

/** All pools that rest together. */
class Pools {
  readonly #opened: Opened<Ask>[] = [];

  async open({ subject, server }: Entrant, ways: readonly Way[]): Promise<Side<First>[]> {
    const { sides, opened } = await openSides(subject.open, { server }, ways);
    this.#opened.push(...opened);
    return sides.map(({ name, subject: ask }) => {
      const first = (): Promise<number> => timeOf(() => answerTo(ask));
      const second = (): Promise<number> => answerTo(ask).then(first);
      return { name, subject: name === WARM.name ? second : first };
    });
  }

  /** Ends the rest of all connections. */
  async freshen(): Promise<void> {
    for (const { subject } of this.#opened) await freshen(subject, POOL_SIZE);
  }

  async close(): Promise<void> {
    // A pool whose connections the server has closed may end with an error, and has ended then.
    await Promise.allSettled(this.#opened.map((one) => one.close()));
  }
}
