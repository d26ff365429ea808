import { setTimeout as wait } from 'node:timers/promises';
import { startProxy } from '@pool-lifeguard/testkit';
import type { Ask } from './closed-loop.ts';
import { compare, type Plan } from './compare.ts';
import type { Figure, Readings } from './figures.ts';
import type { Address } from './subjects/contestants.ts';
import { mariadb, prisma, type Subject } from './subjects/statements.ts';

/** Twice the idle time after which mariadb itself pings at a borrow (`minDelayValidation`). */
const REST_MS = 1_000;
const SUBJECTS = [mariadb, prisma];

/** On the way to the server and back, each. */
const DELAY_MS = 1;

/**
 * What a client of low traffic meets each time: a statement after a second without any, with the
 * server on this machine, where a round trip costs next to nothing, and with one further away.
 */
export async function rest(plan: Plan): Promise<Figure[]> {
  const figures: Figure[] = [];
  const proxy = await startProxy(plan.server);
  proxy.delay(DELAY_MS);
  const { host, port } = proxy;
  const away: Address = {
    flavour: plan.server.flavour,
    connectionOptions: () => ({ ...plan.server.connectionOptions(), host, port }),
  };
  try {
    for (const subject of SUBJECTS) {
      figures.push(...(await restOn(plan, subject, plan.server, '')));
      figures.push(...(await restOn(plan, subject, away, `, ${2 * DELAY_MS} ms away`)));
    }
  } finally {
    await proxy.stop();
  }
  return figures;
}

async function restOn(
  plan: Plan,
  { name, open }: Subject,
  server: Address,
  where: string,
): Promise<Figure[]> {
  const { sides, guard, close } = await open(server);
  try {
    const before = guard.stats();
    const title = `${name}, after 1 s of rest${where}`;
    const figures = await compare(plan, title, sides, firstAfterRest);
    const after = guard.stats();
    plan.say(`  guarded: ${after.looks - before.looks} looks, ${after.pings - before.pings} pings`);
    return figures;
  } finally {
    await close();
  }
}

async function firstAfterRest(ask: Ask): Promise<Readings> {
  // The other side had its turn meanwhile: the rest begins now.
  await answerTo(ask);
  await wait(REST_MS);
  const sent = performance.now();
  await answerTo(ask);
  return { latency: (performance.now() - sent) * 1000 };
}

function answerTo(ask: Ask): Promise<void> {
  return new Promise((resolve, reject) => {
    ask((error) => (error ? reject(error) : resolve()));
  });
}
