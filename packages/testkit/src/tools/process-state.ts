import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { waitUntil } from './wait-until.ts';

/** Stops a process (SIGSTOP) and resolves when every thread of it stands still. */
export async function freezeProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await waitUntil(async () => (await threadStates(pid)).every(isStopped), {
    what: `the freeze of process ${pid}`,
  });
}

/** Lets a frozen process go on (SIGCONT) and resolves when it does. */
export async function thawProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGCONT');
  await waitUntil(async () => !(await threadStates(pid)).some(isStopped), {
    what: `the thaw of process ${pid}`,
  });
}

/** Whether a process with this id exists, be it another user's. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const isStopped = (state: string): boolean => state === 'T';

async function threadStates(pid: number): Promise<string[]> {
  if (!existsSync('/proc/self/stat')) return [await stateByPs(pid)];
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []); // ended meanwhile
  const states = threads.map((thread) => stateByProc(`/proc/${pid}/task/${thread}/stat`));
  return (await Promise.all(states)).filter((state) => state !== undefined);
}

/** The third field of a stat file; the second, a name in parentheses, may hold anything. */
async function stateByProc(statFile: string): Promise<string | undefined> {
  try {
    const stat = await readFile(statFile, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2);
  } catch {
    return undefined; // the thread ended meanwhile
  }
}

async function stateByPs(pid: number): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'state=', '-p', String(pid)]);
  return stdout.trim().charAt(0);
}
