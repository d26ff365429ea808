import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseServer } from '../server/database-server.ts';
import { waitUntil } from '../tools/wait-until.ts';
import type { Candidate } from './candidate/candidate.ts';
import type { Scene } from './fault.ts';
import type { ArmedPlan } from './orders.ts';

/** What happens to the connections. */
export type Mishap = (scene: Scene) => Promise<void>;

/**
 * How long a process stands still at least. Timers armed for its end come due meanwhile, and no
 * connection counts as used a moment ago afterwards.
 */
const STANDSTILL_MS = 1_200;
const TIMER_MS = 1_000;

/** The server closes every connection: by `wait_timeout`, of which its clock has a grain of 1 s. */
export const closedByServer: Mishap = async ({ server, candidates }) => {
  const gone = async (): Promise<boolean> => (await connectionsOf(server, candidates)) === 0;
  const what = 'the end of all idle connections';
  await waitUntil(gone, { what, intervalMs: 50, timeoutMs: 30_000 });
};

/** An administrator kills every connection. */
export const killed: Mishap = async ({ server, candidates }) => {
  await Promise.all(candidates.map(({ database }) => server.killAll({ db: database })));
};

/** The server goes down, by which signal it may be, and comes back. */
export function restarted(signal: 'SIGTERM' | 'SIGKILL'): Mishap {
  return ({ server }) => server.restart({ signal });
}

/** The mishap comes while the process does something else, so its loop is free to see it. */
export function whileIdle(mishap: Mishap, { thenMs }: { thenMs?: number } = {}) {
  return async (scene: Scene): Promise<void> => {
    await mishap(scene);
    if (thenMs === undefined) return;
    await armAll(scene, { from: 'timer', afterMs: thenMs }, (candidate, plans) => {
      return candidate.tell('arm', plans);
    });
  };
}

/** The mishap comes while the process is stopped (SIGSTOP), so it has seen nothing of it. */
export function whileFrozen(mishap: Mishap) {
  return async (scene: Scene): Promise<void> => {
    const { candidates } = scene;
    await armAll(scene, { from: 'timer', afterMs: TIMER_MS }, async (candidate, plans) => {
      await candidate.tell('arm', plans);
      await candidate.freeze();
    });
    // Before the mishap, so that this message is the first thing the process will read.
    const gone = candidates.map((candidate) => candidate.tell('go'));
    await standsStill(scene, mishap, async () => {
      await Promise.all(candidates.map((candidate) => candidate.thaw()));
    });
    await Promise.all(gone);
  };
}

/** The mishap comes while something computes, so the event loop has seen nothing of it. */
export function whileBlocked(mishap: Mishap) {
  return async (scene: Scene): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'lifeguard-block-'));
    const endFile = join(folder, 'end');
    await armAll(scene, { from: 'timer' }, async (candidate, plans) => {
      const begunFile = join(folder, randomUUID());
      await candidate.tell('block', { plans, begunFile, endFile });
      await waitUntil(() => existsSync(begunFile), { what: 'the block' });
    });
    await standsStill(scene, mishap, () => writeFile(endFile, ''));
    await Promise.all(scene.candidates.map((candidate) => candidate.tell('go')));
    await rm(folder, { recursive: true });
  };
}

/** Arms the plans of all trials, each candidate's together. */
export async function armAll(
  { candidates, trials }: Scene,
  defaults: Pick<ArmedPlan, 'from' | 'afterMs'>,
  arm: (candidate: Candidate, plans: readonly ArmedPlan[]) => Promise<void>,
): Promise<void> {
  await Promise.all(
    candidates.map((candidate) => {
      const own = trials.filter((trial) => trial.candidate === candidate);
      const plans = own.map((trial) => (trial.armed = { ...defaults, ...trial.drill.plan(trial) }));
      return arm(candidate, plans);
    }),
  );
}

async function connectionsOf(
  server: DatabaseServer,
  candidates: readonly Candidate[],
): Promise<number> {
  const databases = new Set<string | undefined>(candidates.map(({ database }) => database));
  return (await server.processList()).filter(({ db }) => databases.has(db)).length;
}

/** The standstill ends however the mishap ends: nobody could be told anything otherwise. */
async function standsStill(scene: Scene, mishap: Mishap, end: () => Promise<void>): Promise<void> {
  try {
    await Promise.all([mishap(scene), sleep(STANDSTILL_MS)]);
  } finally {
    for (const trial of scene.trials) trial.notBefore = Date.now();
    await end();
  }
}
