import { drop } from './drop.ts';
import { frozen } from './frozen.ts';
import { held } from './held.ts';
import { idle } from './idle.ts';
import { kill } from './kill.ts';
import { restart } from './restart.ts';
import type { Scene } from './scene.ts';

/** Every scene, in the order of the play. */
export const SCENES: readonly Scene[] = [idle, frozen, held, kill, restart, drop];

export type { Scene, SceneName } from './scene.ts';
