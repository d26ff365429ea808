import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';

// Reads until its input ends, which happens at `dismiss` and also when the parent dies in any way,
// even by SIGKILL. Each line names the process to guard from then on; an empty one names none.
const SCRIPT = `
trap '' HUP INT TERM
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then
  kill -9 "$pid"
  tries=0
  while kill -0 "$pid" && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
fi 2> /dev/null
if [ -n "$1" ]; then rm -rf -- "$1"; fi
`;

/**
 * A small shell process that outlives this one just long enough to kill what it left behind and to
 * remove its folder: nothing that a test starts survives the test, however the test ends.
 */
export class Watchdog {
  readonly #shell: ChildProcess;

  constructor(folder = '') {
    this.#shell = spawn('/bin/sh', ['-c', SCRIPT, 'lifeguard-watchdog', folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#shell.unref();
    this.#shell.stdin?.on('error', () => {});
    (this.#shell.stdin as Socket).unref();
  }

  /** Names the process to kill if this one dies; `undefined` once that process has ended. */
  guard(pid: number | undefined): void {
    this.#shell.stdin?.write(`${pid ?? ''}\n`);
  }

  /** Kills the guarded process, if one is left, removes the folder and ends. */
  async dismiss(): Promise<void> {
    if (this.#shell.exitCode !== null || this.#shell.signalCode !== null) return;
    const gone = once(this.#shell, 'exit');
    this.#shell.ref();
    this.#shell.stdin?.end();
    await gone;
  }
}
