import type { Cleanup } from './cleanup.ts';
import type { OrmName } from './orms.ts';
import { obstacle, Performance } from './performance.ts';
import { present } from './present.ts';
import type { Results } from './results/results.ts';
import type { Scene } from './scenes/index.ts';
import { HostError } from './stage/flavour-at.ts';
import { openHost } from './stage/host.ts';
import type { Host, HostRequest } from './stage/host.ts';
import type { Step } from './terminal/progress.ts';

/** What is played, and where. */
export interface PlayOptions {
  readonly host: HostRequest;
  readonly orms: readonly OrmName[];
  readonly scenes: readonly Scene[];
  /** Hears of what must be undone, should the play be broken off. */
  readonly cleanup: Cleanup;
}

/** One play on one server, with one ORM after the other, as steps to be run in order. */
export class Play {
  readonly #options: PlayOptions;
  readonly #performances: readonly Performance[];
  #host: Host | undefined;

  constructor(options: PlayOptions) {
    this.#options = options;
    this.#performances = options.orms.map((orm) => new Performance({ ...options, orm }));
  }

  /** What was seen with each ORM; there once all steps have run. */
  get results(): Results[] {
    return this.#performances.flatMap(({ results }) => results ?? []);
  }

  steps(): Step[] {
    const host = (): Host => present(this.#host);
    return [
      { title: 'Server', run: (say) => this.#openHost(say) },
      ...this.#performances.flatMap((performance) => performance.steps(host)),
      { title: 'Stopping', run: () => this.#finish() },
    ];
  }

  async #openHost(say: (text: string) => void): Promise<string> {
    const { host: request, cleanup, orms, scenes } = this.#options;
    say('looking for a database server');
    this.#host = await openHost(request, say);
    const { name, server } = this.#host;
    cleanup.add(() => server.stop());
    const obstacles = orms.flatMap((orm) => scenes.map((scene) => obstacle(scene, orm, server)));
    if (obstacles.every((why) => why !== undefined)) {
      const all = [...new Set(obstacles)].join('; ');
      throw new HostError(`No scene that was asked for can be played: ${all}.`);
    }
    return name;
  }

  async #finish(): Promise<undefined> {
    await this.#options.cleanup.run();
  }
}
