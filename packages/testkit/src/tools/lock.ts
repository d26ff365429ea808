import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isRunning } from './process-state.ts';
import { waitUntil } from './wait-until.ts';

/** The holder touches its lock this often, so that a lock left untouched can be told as stale. */
const HEARTBEAT_MS = 5_000;
const STALE_MS = 60_000;
const PATIENCE_MS = 20 * 60_000;

/**
 * Runs a task that no other process may run at the same time. A lock whose holder has died, or has
 * not touched it for a minute, is taken over.
 */
export async function withLock<T>(path: string, task: () => Promise<T>): Promise<T> {
  await waitUntil(() => acquire(path), {
    timeoutMs: PATIENCE_MS,
    intervalMs: 100,
    what: `the release of ${path}`,
  });
  const heartbeat = setInterval(() => void touch(path), HEARTBEAT_MS);
  try {
    return await task();
  } finally {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<boolean> {
  if (await create(path)) return true;
  const holder = await staleHolder(path);
  if (holder === undefined || !(await takeAway(path, holder))) return false;
  return create(path);
}

async function create(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid} ${hostname()}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Who holds the lock, if that holder has died or fallen silent. */
async function staleHolder(path: string): Promise<string | undefined> {
  try {
    const holder = await readFile(path, 'utf8');
    const [pid, host] = holder.split(' ');
    const dead = host === hostname() && !isRunning(Number(pid));
    const silentMs = Date.now() - (await stat(path)).mtimeMs;
    return dead || silentMs > STALE_MS ? holder : undefined;
  } catch {
    return undefined; // released at this very moment: the next try will see
  }
}

/** Removes a stale lock, unless somebody else has meanwhile put a live one in its place. */
async function takeAway(path: string, holder: string): Promise<boolean> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    const same = (await readFile(aside, 'utf8')) === holder;
    if (!same) await link(aside, path);
    await rm(aside);
    return same;
  } catch {
    return false;
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => {});
}
