import { compare, type Plan, type Side } from '../measuring/compare.ts';
import { warmLoop, type Ask } from '../measuring/closed-loop.ts';
import type { Figure } from '../measuring/figures.ts';
import type { Opened } from '../subjects/opened.ts';
import { PEERS } from '../subjects/peers.ts';

const AT_ONCE = 8;

/** What others do to find stale connections, or do not, on the same server: against bare mysql2. */
export async function peers(plan: Plan): Promise<Figure[]> {
  const opened: Opened<Ask>[] = [];
  const sides: Side<Ask>[] = [];
  try {
    for (const { name, open } of PEERS) {
      const peer = await open(plan.server);
      opened.push(peer);
      sides.push({ name, subject: peer.subject });
    }
    const measure = warmLoop(AT_ONCE, plan.sideMs);
    return await compare(plan, { name: `peers, ${AT_ONCE} at once`, sides, measure });
  } finally {
    await Promise.all(opened.map((peer) => peer.close()));
  }
}
