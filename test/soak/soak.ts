import { FLAVOUR_FACTS, type Flavour } from '@pool-lifeguard/testkit';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Census } from './application/census.ts';
import type { Kind, Orm } from './application/outcome.ts';
import { explain } from './explain.ts';
import { FAULTS } from './faults.ts';
import { adoptedBy, growthBetween, imbalances, totalOf } from './growth.ts';
import { Incidents } from './incidents.ts';
import { moment } from './moment.ts';
import { contradictions, unexplained } from './reckoning.ts';
import { randomFrom, type Random } from './random.ts';
import { Reporter } from './reporter.ts';
import { buildStage, type Stage } from './stage.ts';

/** What a soak is to be like. */
export interface Plan {
  readonly flavour: Flavour;
  readonly ms: number;
  readonly seed: number;
  /** Hears how it goes. */
  readonly say: (line: string) => void;
}

/** What was found. */
export interface Findings {
  /** What must not be, in words. */
  readonly troubles: readonly string[];
  /** How often steps failed, by the reason that explains it. */
  readonly explained: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  /** Steps that went well. */
  readonly counts: Readonly<Record<Orm, Partial<Record<Kind, number>>>>;
  readonly censuses: readonly Census[];
}

/** Between two faults. */
const CALM_MS = [200, 1_500] as const;

/** Traffic and faults in laps; after each everything comes to rest and is counted. */
export async function soak(plan: Plan): Promise<Findings> {
  const random = randomFrom(plan.seed);
  const stage = await buildStage(plan.flavour, random.branch());
  try {
    return await new Soak(plan, stage, random).run();
  } catch (error) {
    const lastWords = `the application said: ${stage.application.stderr || 'nothing'}`;
    const { label } = FLAVOUR_FACTS[plan.flavour];
    throw new Error(`${label}, seed ${plan.seed}: ${(error as Error).message}; ${lastWords}`, {
      cause: error,
    });
  } finally {
    await stage.strike();
  }
}

class Soak {
  readonly #plan: Plan;
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #incidents = new Incidents();
  readonly #reporter = new Reporter();
  readonly #troubles: string[] = [];
  readonly #censuses: Census[] = [];
  readonly #struck: string[] = [];
  #deck: string[] = [];

  constructor(plan: Plan, stage: Stage, random: Random) {
    this.#plan = plan;
    this.#stage = stage;
    this.#random = random;
  }

  async run(): Promise<Findings> {
    const { application } = this.#stage;
    const following = this.#reporter.follow(application);
    const { ms } = this.#plan;
    const laps = Math.max(3, Math.round(ms / 30_000));
    const adopted = adoptedBy(await application.call<Census>('census'));
    for (let lap = 1; lap <= laps; lap += 1) {
      await this.#lap(ms / laps);
      await this.#count(adopted);
      this.#say(`lap ${lap} of ${laps}: ${this.#reporter.failed.length} failed steps so far`);
    }
    const counts = await application.call<Findings['counts']>('counts');
    for (const text of growthBetween(this.#censuses)) this.#trouble(text);
    await this.#leave();
    await following;
    await this.#audit();
    return {
      troubles: this.#troubles,
      explained: this.#explainAll(),
      faults: tally(this.#struck),
      counts,
      censuses: this.#censuses,
    };
  }

  async #lap(ms: number): Promise<void> {
    const { application, proxy } = this.#stage;
    const end = moment() + ms;
    await application.call('begin', this.#random.between(0, 2 ** 32 - 1));
    for (;;) {
      await sleep(this.#random.between(...CALM_MS));
      if (moment() > end) break;
      const name = this.#deal();
      this.#struck.push(name);
      await FAULTS[name]?.(this.#stage, (...felt) => this.#incidents.during(name, ...felt));
    }
    await proxy.pass();
    await application.call('end');
  }

  /** Every fault once, in a random order, before any comes again. */
  #deal(): string {
    if (this.#deck.length === 0) this.#deck = this.#random.shuffled(Object.keys(FAULTS));
    return this.#deck.pop() as string;
  }

  /** Lets everything come to rest, and counts. */
  async #count(adopted: Readonly<Record<Orm, number>>): Promise<void> {
    const { application, server, proxy } = this.#stage;
    const census = await application.call<Census>('census');
    this.#censuses.push(census);
    const connections = totalOf(census);
    for (const text of imbalances(census, adopted)) this.#trouble(text);
    // What was lost in a black hole the server keeps, until it finds out by itself.
    const ports = proxy.connections().flatMap((one) => (one.open ? [one.upstreamPort] : []));
    const seen = (await server.processList()).filter((row) => ports.includes(row.clientPort));
    if (ports.length !== connections || seen.length !== connections) {
      this.#trouble(
        `${connections} connections, but ${ports.length} of the proxy, and ` +
          `the server sees ${seen.length} of them: ${JSON.stringify(seen)}`,
      );
    }
  }

  /** Closes both pools; nothing of them must be left, or keep the process alive. */
  async #leave(): Promise<void> {
    const { application } = this.#stage;
    await application.call('close').catch((error: Error) => this.#trouble(error.message));
    await application.call('leave');
    const exit = await Promise.race([application.exit, sleep(10_000, undefined, { ref: false })]);
    if (exit?.code !== 0) this.#trouble(`the process has not ended by itself: ${exit?.code}`);
  }

  async #audit(): Promise<void> {
    const { server, database } = this.#stage;
    const rows = await server.query<{ number: number }>(`SELECT number FROM ${database}.ledger`);
    const stored = rows.map(({ number }) => number);
    const texts = contradictions(this.#reporter, stored, this.#incidents);
    for (const text of texts) this.#trouble(text);
  }

  #explainAll(): Readonly<Record<string, number>> {
    const { failed } = this.#reporter;
    for (const text of unexplained(failed, this.#incidents)) this.#trouble(text);
    return tally(failed.flatMap((step) => explain(step, this.#incidents) ?? []));
  }

  #trouble(text: string): void {
    this.#troubles.push(text);
    this.#say(text);
  }

  #say(text: string): void {
    this.#plan.say(`${FLAVOUR_FACTS[this.#plan.flavour].label}: ${text}`);
  }
}

function tally(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
