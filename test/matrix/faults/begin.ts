import { armAll } from '@pool-lifeguard/testkit/conformance';
import type { Scene } from '@pool-lifeguard/testkit/conformance';

/** The statements come now, or a little later, and not when every fault of the wave is over. */
export function begin(scene: Scene, afterMs = 0): Promise<void> {
  return armAll(scene, { from: 'timer', afterMs }, (candidate, plans) =>
    candidate.tell('arm', plans),
  );
}
