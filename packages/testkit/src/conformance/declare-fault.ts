import { FLAVOUR_FACTS } from '../flavour.ts';
import type { DatabaseServer } from '../server/database-server.ts';
import { noteMissing } from '../suites/missing-servers.ts';
import type { Candidate } from './candidate/candidate.ts';
import type { Check, Expectation, Fault, Scene } from './fault.ts';
import { Trial } from './trial.ts';

const FAULT_TIMEOUT_MS = 120_000;
/** Less than the shortest limit that a check sets. */
const PROMPT_MS = 1_500;

/** One test to be: a check on a candidate, its trial once that has run, or why it could not. */
interface Entry {
  readonly check: Check;
  readonly candidate: Candidate;
  readonly expectation: Expectation;
  trial?: Trial;
  failure?: unknown;
}

/**
 * Declares one fault: it is brought about once, for every candidate at the same time, and each
 * check on each candidate is a test of its own.
 */
export function declareFault(
  fault: Fault,
  candidates: readonly Candidate[],
  server: () => DatabaseServer,
): void {
  const entries = entriesOf(fault, candidates);
  if (entries.length === 0) return;
  const concerned = candidates.filter((one) => entries.some(({ candidate }) => candidate === one));
  describe(fault.title, function () {
    this.timeout(FAULT_TIMEOUT_MS);
    before('bring it about', async function () {
      if (lacks(server(), fault)) this.skip();
      await happen(fault, entries, concerned, server());
    });
    for (const entry of entries) {
      it(`${entry.candidate.title}: ${entry.check.title}`, async function () {
        if (!entry.trial && !entry.failure) this.skip();
        if (entry.failure) throw entry.failure as Error;
        if (entry.trial) await entry.expectation(entry.trial);
      });
    }
    after('leave it', () => leave(entries, concerned, server()));
  });
}

function entriesOf({ checks, essential }: Fault, candidates: readonly Candidate[]): Entry[] {
  return candidates.flatMap((candidate) => {
    if (candidate.subject.composite && !essential) return [];
    const suiting = checks.filter((check) => check.suits?.(candidate.subject) ?? true);
    return suiting.flatMap((check) => {
      const { validates = false } = candidate.subject.supports;
      const expectation = candidate.guarded ? check.guarded : validates ? undefined : check.bare;
      return expectation ? [{ check, candidate, expectation }] : [];
    });
  });
}

/** Only a server that was given by URL lacks anything; the run says so in its last lines. */
function lacks(server: DatabaseServer, { title, needs = [] }: Pick<Check, 'title' | 'needs'>) {
  const lacking = needs.filter((capability) => !server.capabilities[capability]);
  const { label, urlVariable } = FLAVOUR_FACTS[server.flavour];
  const where = `the server that ${urlVariable} points at`;
  for (const what of lacking) noteMissing(`${label}: not tested on ${where} (${what}): ${title}`);
  return lacking.length > 0;
}

async function happen(
  fault: Fault,
  entries: readonly Entry[],
  candidates: readonly Candidate[],
  server: DatabaseServer,
): Promise<void> {
  for (const [name, value] of Object.entries(fault.globals ?? {})) {
    await server.setGlobal(name, value);
  }
  await Promise.all(candidates.map((candidate) => candidate.start(server)));
  const possible = entries.filter(({ check }) => !lacks(server, check));
  const open = await each(possible, async (entry) => {
    entry.trial = new Trial(entry.check, entry.candidate, server);
    await entry.check.prepare(entry.trial);
  });
  const ready = await each(open, async ({ check, trial }) => trial && check.hold?.(trial));
  await refresh(candidates);
  await fault.strike({ server, candidates, trials: trialsOf(ready) });
  const groups = fault.inTurn ? fault.checks.map((check) => byCheck(ready, check)) : [ready];
  for (const group of groups) await each(group, async ({ trial }) => trial?.finish());
}

/**
 * Opening took its time: only now do all connections begin to be idle. On a busy machine that takes
 * so long that the first may be idle for too long already when the last is used: then once more.
 */
async function refresh(candidates: readonly Candidate[]): Promise<void> {
  let since;
  do {
    since = performance.now();
    await Promise.all(candidates.map((candidate) => candidate.tell('refresh')));
  } while (performance.now() - since > PROMPT_MS);
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

const byCheck = (entries: readonly Entry[], check: Check): Entry[] =>
  entries.filter((entry) => entry.check === check);

const trialsOf = (entries: readonly Entry[]): Scene['trials'] =>
  entries.flatMap(({ trial }) => trial ?? []);

async function leave(
  entries: readonly Entry[],
  candidates: readonly Candidate[],
  server: DatabaseServer,
): Promise<void> {
  await Promise.allSettled(candidates.map((candidate) => candidate.tell('closeAll')));
  for (const trial of trialsOf(entries)) await trial.close();
  await server.restoreGlobals();
}
