import { FLAVOUR_FACTS } from '../flavour.ts';
import type { DatabaseServer } from '../server/database-server.ts';
import { noteMissing } from '../suites/missing-servers.ts';
import type { Candidate } from './candidate/candidate.ts';
import type { Drill, Incident, Scene } from './fault.ts';
import { Trial } from './trial.ts';

/** Less than the shortest limit that a drill sets. */
const PROMPT_MS = 1_500;

/** A connection that fails so often has not been closed for being idle. */
const MOST_TRIES = 5;

/** A drill of a candidate, and its trial once that has run, or why it could not. */
export interface Entry {
  readonly drill: Drill;
  readonly candidate: Candidate;
  trial?: Trial;
  failure?: unknown;
}

/** Brings an incident about once, for all entries at the same time. */
export async function bringAbout(
  incident: Incident,
  entries: readonly Entry[],
  server: DatabaseServer,
): Promise<void> {
  for (const [name, value] of Object.entries(incident.globals ?? {})) {
    await server.setGlobal(name, value);
  }
  const candidates = candidatesOf(entries);
  await Promise.all(candidates.map((candidate) => candidate.start(server)));
  const possible = entries.filter(({ drill }) => !lacks(server, drill));
  const open = await each(possible, async (entry) => {
    entry.trial = new Trial(entry.drill, entry.candidate, server);
    await entry.drill.prepare(entry.trial);
  });
  if (open.length === 0) return;
  const ready = await each(open, async ({ drill, trial }) => trial && drill.hold?.(trial));
  await refresh(candidates);
  await incident.strike({ server, candidates, trials: trialsOf(ready) });
  const drills = [...new Set(ready.map(({ drill }) => drill))];
  const groups = incident.inTurn ? drills.map((drill) => byDrill(ready, drill)) : [ready];
  for (const group of groups) await each(group, async ({ trial }) => trial?.finish());
}

/** Closes what was opened for an incident. */
export async function leave(entries: readonly Entry[], server: DatabaseServer): Promise<void> {
  const candidates = candidatesOf(entries);
  await Promise.allSettled(candidates.map((candidate) => candidate.tell('closeAll')));
  for (const trial of trialsOf(entries)) await trial.close();
  await server.restoreGlobals();
}

/** Only a server that was given by URL lacks anything; the run says so in its last lines. */
export function lacks(
  server: DatabaseServer,
  { title, needs = [] }: Pick<Drill, 'title' | 'needs'>,
): boolean {
  const lacking = needs.filter((capability) => !server.capabilities[capability]);
  const { label, urlVariable } = FLAVOUR_FACTS[server.flavour];
  const where = `the server that ${urlVariable} points at`;
  for (const what of lacking) noteMissing(`${label}: not tested on ${where} (${what}): ${title}`);
  return lacking.length > 0;
}

/**
 * Opening took its time: only now do all connections begin to be idle. On a busy machine that takes
 * so long that the first may be idle for too long already when the last is used, or has been closed
 * before it was used: then once more.
 */
async function refresh(candidates: readonly Candidate[]): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const since = performance.now();
    const used = await Promise.allSettled(candidates.map((one) => one.tell('refresh')));
    const failed = used.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected' && tries === MOST_TRIES) throw failed.reason;
    if (!failed && performance.now() - since <= PROMPT_MS) return;
  }
}

/** Does something for all entries at once; those that fail keep why, and are left out from then on. */
async function each(
  entries: readonly Entry[],
  task: (entry: Entry) => Promise<void>,
): Promise<Entry[]> {
  await Promise.all(
    entries.map(async (entry) => {
      try {
        await task(entry);
      } catch (error) {
        entry.failure = error;
      }
    }),
  );
  return entries.filter(({ failure }) => failure === undefined);
}

const candidatesOf = (entries: readonly Entry[]): Candidate[] => [
  ...new Set(entries.map(({ candidate }) => candidate)),
];

const byDrill = (entries: readonly Entry[], drill: Drill): Entry[] =>
  entries.filter((entry) => entry.drill === drill);

const trialsOf = (entries: readonly Entry[]): Scene['trials'] =>
  entries.flatMap(({ trial }) => trial ?? []);
