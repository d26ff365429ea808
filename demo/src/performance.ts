import type { DatabaseServer } from '@pool-lifeguard/testkit';
import { Cleanup } from './cleanup.ts';
import { ORMS } from './orms.ts';
import type { OrmName } from './orms.ts';
import { present } from './present.ts';
import { collect } from './results/collect.ts';
import type { OmittedResult, Results } from './results/results.ts';
import type { Scene } from './scenes/index.ts';
import type { Host } from './stage/host.ts';
import { Stage } from './stage/stage.ts';
import type { Score } from './stage/stage.ts';
import type { Step } from './terminal/progress.ts';

/** What is played with which ORM. */
export interface PerformanceOptions {
  readonly orm: OrmName;
  readonly scenes: readonly Scene[];
  /** Hears of what must be undone, should it be broken off. */
  readonly cleanup: Cleanup;
}

/** The scenes with one ORM on a server that is there, as steps to be run in order. */
export class Performance {
  readonly #options: PerformanceOptions;
  /** Of this ORM alone: the next one finds the server as this one found it. */
  readonly #cleanup = new Cleanup();
  readonly #startedAt = new Date();
  readonly #omitted: OmittedResult[] = [];
  #stage: Stage | undefined;
  #results: Results | undefined;

  constructor(options: PerformanceOptions) {
    this.#options = options;
  }

  /** What was seen; undefined where no scene could be played. */
  get results(): Results | undefined {
    return this.#results;
  }

  steps(host: () => Host): Step[] {
    const { orm, scenes } = this.#options;
    const { label } = ORMS[orm];
    return [
      { title: `The ${label} application, twice`, run: (say) => this.#setStage(host(), say) },
      ...scenes.map((scene): Step => {
        return {
          title: `${label}: ${scene.title}`,
          run: (say) => this.#play(scene, host(), say),
        };
      }),
      { title: `Stopping the ${label} application`, run: () => this.#finish(host()) },
    ];
  }

  async #setStage(host: Host, say: (text: string) => void): Promise<string> {
    const { orm, scenes, cleanup } = this.#options;
    if (scenes.every((scene) => obstacle(scene, orm, host.server))) return 'left out';
    say('starting it');
    cleanup.add(() => this.#cleanup.run());
    this.#stage = await Stage.set(host, orm, this.#cleanup);
    return `bare, and with ${ORMS[orm].line}`;
  }

  async #play(scene: Scene, { server }: Host, say: (text: string) => void): Promise<string> {
    const why = obstacle(scene, this.#options.orm, server);
    if (why !== undefined) {
      this.#omitted.push({ title: scene.title, why });
      return `left out: ${why}`;
    }
    const stage = present(this.#stage);
    stage.say = say;
    const { bare, guarded } = await stage.play(scene);
    const inWords = ({ failed, asked }: Score): string => `${failed} of ${asked}`;
    return `bare ${inWords(bare)} failed, guarded ${inWords(guarded)}`;
  }

  async #finish(host: Host): Promise<undefined> {
    if (this.#stage) {
      this.#results = await collect(this.#stage, host, this.#startedAt, this.#omitted);
    }
    await this.#cleanup.run();
  }
}

/** Why a scene cannot be played, if it cannot. */
export function obstacle(
  { holdsConnection, restartsServer }: Scene,
  orm: OrmName,
  { capabilities }: DatabaseServer,
): string | undefined {
  if (restartsServer && !capabilities.restart) return 'this server is not ours to restart';
  return holdsConnection ? ORMS[orm].holdsNone : undefined;
}
