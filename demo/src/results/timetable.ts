import type { SceneName } from '../scenes/index.ts';
import type { SceneTime } from '../stage/stage.ts';
import type { SceneResult } from './results.ts';

/** Tells in which scene something was, and turns times into times since the first scene's start. */
export class Timetable {
  readonly #played: readonly SceneTime[];
  readonly #zeroMs: number;

  constructor(played: readonly SceneTime[]) {
    this.#played = played;
    this.#zeroMs = played[0]?.openingMs ?? 0;
  }

  at(ms: number): number {
    return Math.round((ms - this.#zeroMs) * 10) / 10;
  }

  span({ startMs, endMs }: { readonly startMs: number; readonly endMs: number }): {
    readonly startMs: number;
    readonly endMs: number;
  } {
    return { startMs: this.at(startMs), endMs: this.at(endMs) };
  }

  /** The scene that was played, or prepared, at that time. */
  sceneAt(ms: number): SceneTime {
    const scene = this.#played.findLast(({ openingMs }) => openingMs <= ms) ?? this.#played[0];
    if (!scene) throw new Error('no scene was played');
    return scene;
  }

  nameAt(ms: number): SceneName {
    return this.sceneAt(ms).scene.name;
  }

  scenes(): SceneResult[] {
    return this.#played.map(({ scene: { name, title, short, story }, openingMs, endMs }) => {
      return { name, title, short, story, ...this.span({ startMs: openingMs, endMs }) };
    });
  }

  countByScene(
    happenings: readonly { readonly atMs: number }[],
  ): Partial<Record<SceneName, number>> {
    const counts: Partial<Record<SceneName, number>> = {};
    for (const { atMs } of happenings) {
      const name = this.nameAt(atMs);
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  /** When the last scene was over. */
  get endMs(): number {
    return this.#played.at(-1)?.endMs ?? this.#zeroMs;
  }
}
