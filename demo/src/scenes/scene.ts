import type { Stage } from '../stage/stage.ts';

/** The names by which scenes are chosen. */
export type SceneName = 'idle' | 'frozen' | 'held' | 'kill' | 'restart' | 'drop';

/** One thing that happens to connections, played for both applications at the same time. */
export interface Scene {
  readonly name: SceneName;
  /** A few words, for tables and charts. */
  readonly title: string;
  /** One word, where there is no room for the title. */
  readonly short: string;
  /** What happens, for people who have never met it. */
  readonly story: string;
  /** When the server closes an idle connection: within the scene, or not in its time. */
  readonly idleLimit: 'short' | 'long';
  /** It cannot be played on a server that is not ours to restart. */
  readonly restartsServer?: true;
  /** It cannot be played with an ORM that holds no connection for a job. */
  readonly holdsConnection?: true;
  play(stage: Stage): Promise<void>;
}
