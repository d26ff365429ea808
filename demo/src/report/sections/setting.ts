import { ORMS, stackInWords } from '../../orms.ts';
import type { PostsResult, Results } from '../../results/results.ts';
import { IDLE_LIMIT_SECONDS } from '../../stage/idle-limit.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';

/** How it was played and measured. */
export function setting(results: Results): Html {
  const { node, orm, poolSize, server, sides, startedAt, userCount, waitTimeoutSeconds } = results;
  return html`<h2>How this was measured</h2>
    <p>
      On ${startedAt.slice(0, 10)}, with Node ${node} and ${server}, whose
      <code>wait_timeout</code> was ${waitTimeoutSeconds} s (${IDLE_LIMIT_SECONDS.long} s for the
      silent network drop). Each application was a process of its own with ${stackInWords(orm)},
      ${userCount} users and a pool of ${poolSize} connections; both used the same server, through a
      TCP proxy each that can drop connections. They differ in one line:
      <code>${ORMS[orm].line}</code>, with no option set. Every scene starts with a new pool.
      Connections were followed by the pool's and the sockets' own events, and by the server's list
      of connections, read every 0.1 s.
    </p>
    <p>${posts('Bare', sides.bare.posts)} ${posts('Guarded', sides.guarded.posts)}</p>`;
}

function posts(side: string, { confirmed, stored, storedTwice }: PostsResult): string {
  const twice = storedTwice === 0 ? 'none of them twice' : `${storedTwice} of them twice`;
  return `${side}, users were told of ${confirmed} posted tweets; the database holds ${stored}, ${twice}.`;
}
