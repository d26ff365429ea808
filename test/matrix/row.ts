import type { Drill, Incident, Mishap, Scene, Trial } from '@pool-lifeguard/testkit/conformance';
import { whileIdle } from '@pool-lifeguard/testkit/conformance';

/** Values that must be stored, and others that must not. */
export interface Promised {
  readonly stored: readonly number[];
  readonly absent: readonly number[];
}

/** One fault of the matrix. */
export interface Row {
  readonly drill: Drill;
  /** What happens, for who reads the matrix. */
  readonly story: string;
  readonly mishap: Mishap;
  /** Why the statements that meet it may fail although they are guarded; default they may not. */
  readonly mayFail?: string;
  /** What must be stored and what must not, where that is not told by each write for itself. */
  promised?(trial: Trial): Promised;
}

/** Faults that are brought about at the same time. */
export interface Wave extends Incident {
  readonly rows: readonly Row[];
}

/** What is to be said of a wave beyond its rows. */
interface WaveOptions extends Pick<Incident, 'globals'> {
  /** What the processes do meanwhile; default nothing. */
  readonly meanwhile?: (mishap: Mishap) => Incident['strike'];
}

/** Puts faults together that do not get in each other's way. */
export function wave(
  title: string,
  rows: readonly Row[],
  { meanwhile = whileIdle, ...rest }: WaveOptions = {},
): Wave {
  const all = async (scene: Scene): Promise<void> => {
    await Promise.all(rows.map((row) => row.mishap(only(row, scene))));
  };
  return { title, rows, strike: meanwhile(all), ...rest };
}

function only({ drill }: Row, scene: Scene): Scene {
  return { ...scene, trials: scene.trials.filter((trial) => trial.drill === drill) };
}
