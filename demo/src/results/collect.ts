import type { DatabaseServer } from '@pool-lifeguard/testkit';
import type { ApplicationLog } from '../application/log.ts';
import { PATIENCE_MS } from '../application/query-log.ts';
import { POOL_SIZE } from '../application/tweet-store.ts';
import { USER_COUNT } from '../application/users.ts';
import type { Host } from '../stage/host.ts';
import { IDLE_LIMIT_SECONDS } from '../stage/idle-limit.ts';
import { forBoth } from '../stage/side.ts';
import type { Stage } from '../stage/stage.ts';
import { connectionResults } from './connection-results.ts';
import { queryResults } from './query-results.ts';
import type { OmittedResult, PostsResult, Results, SideResult } from './results.ts';
import { Timetable } from './timetable.ts';

/** Gathers what both applications, the stage and the server have seen. */
export async function collect(
  stage: Stage,
  { name, server }: Host,
  startedAt: Date,
  omitted: readonly OmittedResult[],
): Promise<Results> {
  const times = new Timetable(stage.scenes);
  const logs = await stage.both((app) => app.log());
  const databases = await stage.both((app) => Promise.resolve(app.database));
  const sides = await forBoth(async (side) => {
    const posts = await countPosts(server, databases[side], logs[side]);
    const rest = sideResult(stage, times, logs[side]);
    const connections = connectionResults(logs[side].connections, stage.watch.ends[side], times);
    return { ...rest, connections, posts };
  });
  return {
    orm: stage.orm,
    flavour: server.flavour,
    server: name,
    node: process.version,
    startedAt: startedAt.toISOString(),
    waitTimeoutSeconds: IDLE_LIMIT_SECONDS.short,
    poolSize: POOL_SIZE,
    userCount: USER_COUNT,
    patienceMs: PATIENCE_MS,
    scenes: times.scenes(),
    omitted,
    sides,
  };
}

function sideResult(
  { marks }: Stage,
  times: Timetable,
  { queries, acts, busy }: ApplicationLog,
): Omit<SideResult, 'connections' | 'posts'> {
  const computing = busy.map((span) => ({ kind: 'computing', ...span }) as const);
  return {
    queries: queryResults(queries, times),
    marks: [...marks, ...computing].map((mark) => ({ kind: mark.kind, ...times.span(mark) })),
    moved: times.countByScene(acts.filter(({ act }) => act === 'moved')),
    redialed: times.countByScene(acts.filter(({ act }) => act === 'dial-failed')),
  };
}

async function countPosts(
  server: DatabaseServer,
  database: string,
  { queries }: ApplicationLog,
): Promise<PostsResult> {
  const [row] = await server.query<{ total: number; different: number }>(
    'SELECT COUNT(*) AS total, COUNT(DISTINCT text) AS different FROM ??.tweet',
    [database],
  );
  const { total = 0, different = 0 } = row ?? {};
  const confirmed = queries.filter(({ kind, error }) => kind === 'post' && error === undefined);
  return { confirmed: confirmed.length, stored: total, storedTwice: total - different };
}
