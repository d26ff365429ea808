import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@pool-lifeguard/testkit';
import type { DatabaseServer } from '@pool-lifeguard/testkit';
import { nowMs } from '../clock.ts';
import type { Side } from './side.ts';

/** The server's own list of connections is read this often. */
const EVERY_MS = 100;

/** The end of a connection in the server's eyes. */
export interface ServerEnd {
  readonly serverId: number;
  readonly atMs: number;
}

/** Asks the server which connections it has: what it has closed is dead, known or not. */
export class ServerWatch {
  readonly ends: Record<Side, ServerEnd[]> = { bare: [], guarded: [] };
  readonly #alive: Record<Side, Set<number>> = { bare: new Set(), guarded: new Set() };
  readonly #server: DatabaseServer;
  readonly #sides: ReadonlyMap<string, Side>;
  #stopped = false;
  #paused = false;

  constructor(server: DatabaseServer, databases: Readonly<Record<Side, string>>) {
    this.#server = server;
    this.#sides = new Map([
      [databases.bare, 'bare'],
      [databases.guarded, 'guarded'],
    ]);
    void this.#watch();
  }

  /**
   * Waits until the server has closed these connections, or all of now; its own clock decides. A
   * pool may open others meanwhile.
   */
  async untilGone(these: readonly number[] | undefined, timeoutMs: number): Promise<void> {
    await this.#look();
    const ids = these ?? [...this.#alive.bare, ...this.#alive.guarded];
    const gone = (): boolean => {
      const { bare, guarded } = this.#alive;
      return !ids.some((id) => bare.has(id) || guarded.has(id));
    };
    await waitUntil(gone, { timeoutMs, what: 'the end of the connections' });
  }

  /** The connections that exist now lead nowhere any more. */
  allLost(): void {
    this.#update({ bare: new Set(), guarded: new Set() });
  }

  /** Asks no more, until `resume`. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  stop(): void {
    this.#stopped = true;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      if (!this.#paused) await this.#look().catch(() => {});
      await sleep(EVERY_MS, undefined, { ref: false });
    }
  }

  async #look(): Promise<void> {
    const rows = await this.#server.processList();
    if (this.#paused) return;
    const seen: Record<Side, Set<number>> = { bare: new Set(), guarded: new Set() };
    for (const { id, db } of rows) {
      const side = this.#sides.get(db ?? '');
      if (side) seen[side].add(id);
    }
    this.#update(seen);
  }

  #update(seen: Record<Side, Set<number>>): void {
    const atMs = nowMs();
    for (const side of this.#sides.values()) {
      const gone = [...this.#alive[side]].filter((id) => !seen[side].has(id));
      this.ends[side].push(...gone.map((serverId) => ({ serverId, atMs })));
      this.#alive[side] = seen[side];
    }
  }
}
