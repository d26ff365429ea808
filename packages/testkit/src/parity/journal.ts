/** A pool that tells of what happens in it, as those of the drivers do. */
interface Telling {
  on(event: string, listener: (connection?: object) => void): unknown;
}

const EVENTS = ['connection', 'acquire', 'enqueue', 'release'];

/** What happened in a pool, in order, with its connections called c1, c2, … as they appear. */
export class Journal {
  readonly lines: string[] = [];
  readonly #names = new Map<object, string>();

  /** Writes down every event of the pool; `nameless` ones do not show the connection itself. */
  follow(pool: object, nameless: readonly string[] = []): this {
    for (const event of EVENTS) {
      (pool as Telling).on(event, (connection) => {
        this.note(event, nameless.includes(event) ? undefined : connection);
      });
    }
    return this;
  }

  note(what: string, connection?: object): void {
    this.lines.push(connection ? `${what} ${this.name(connection)}` : what);
  }

  name(connection: object): string {
    const known = this.#names.get(connection);
    if (known) return known;
    const name = `c${this.#names.size + 1}`;
    this.#names.set(connection, name);
    return name;
  }

  /** Names these connections c1, c2, … in their order here, and forgets what was written so far. */
  begin(connections: readonly object[]): void {
    this.#names.clear();
    for (const connection of connections) this.name(connection);
    this.lines.length = 0;
  }

  /** How often each event came, for what has no order of its own. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const line of this.lines) {
      const [event = ''] = line.split(' ');
      counts[event] = (counts[event] ?? 0) + 1;
    }
    return counts;
  }
}
