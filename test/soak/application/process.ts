import { notify, serveCommands, waitUntil, type ConnectionOptions } from '@pool-lifeguard/testkit';
import { moment } from '../moment.ts';
import { randomFrom } from '../random.ts';
import { census, clean, sockets, type Census } from './census.ts';
import type { FailedStep, News, Orm, Written } from './outcome.ts';
import { openPrisma } from './prisma.ts';
import type { Subject } from './subject.ts';
import { Traffic } from './traffic.ts';
import { openTypeorm } from './typeorm.ts';

/** The application of the soak: both ORMs, guarded, in one process that others do harm to. */
let subjects: Readonly<Record<Orm, Subject>> | undefined;
let traffic: Traffic | undefined;
let lastNumber = 0;

let failed: FailedStep[] = [];
let written: Written[] = [];
const told = {
  failed: (step: FailedStep) => void failed.push(step),
  written: (entry: Written) => {
    written.push(entry);
    if (written.length >= 100) publish();
  },
};

function publish(): void {
  notify({ type: 'news', failed, written } satisfies News);
  failed = [];
  written = [];
}

const opened = (): Readonly<Record<Orm, Subject>> => {
  if (!subjects) throw new Error('nothing is open');
  return subjects;
};

const stats = (): Census['stats'] => {
  const { typeorm, prisma } = opened();
  return { typeorm: typeorm.handle.stats(), prisma: prisma.handle.stats() };
};

/** Whether nobody waits, and nothing is lent, validated or opened. */
function isAtRest(): boolean {
  return Object.values(stats()).every(
    ({ pending, lent, validating, opening }) => pending + lent + validating + opening === 0,
  );
}

async function atRest(): Promise<void> {
  await waitUntil(isAtRest, { what: 'that the pools come to rest' }).catch((error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(stats())}`);
  });
}

serveCommands({
  async open(login: ConnectionOptions & { readonly database: string }) {
    const numbers = (): number => (lastNumber += 1);
    subjects = {
      typeorm: await openTypeorm(login, told, numbers),
      prisma: await openPrisma(login, told, numbers),
    };
    traffic = new Traffic(Object.values(subjects));
  },

  begin: (seed: number) => traffic?.begin(randomFrom(seed)),

  async end() {
    await traffic?.end();
    publish();
  },

  rest: (ms: number) => traffic?.rest(ms),

  block(ms: number) {
    const until = moment() + ms;
    while (moment() < until);
  },

  async census() {
    await atRest();
    for (const { handle } of Object.values(opened())) await handle.evictStale();
    await clean();
    await atRest();
    return census(stats());
  },

  counts: () => {
    const { typeorm, prisma } = opened();
    return { typeorm: typeorm.steps.counts, prisma: prisma.steps.counts };
  },

  /** Closes both pools, and waits until no socket is left. */
  async close() {
    for (const subject of Object.values(opened())) await subject.close();
    await waitUntil(() => sockets() === 0, { what: 'that no socket is left' });
  },

  /** Nothing but what the pools have left keeps the process alive from now on. */
  leave: () => void setImmediate(() => process.channel?.unref()),
});
