import { randomBytes } from 'node:crypto';
import type { Flavour } from '../flavour.ts';
import { waitUntil } from '../tools/wait-until.ts';
import { AdminConnection } from './admin-connection.ts';
import type { ConnectionOptions, KillFilter } from './database-server.ts';
import { PROCESS_LIST_SQL, toProcessRow } from './process-list.ts';
import type { ProcessRow, RawProcessRow } from './process-list.ts';
import type { GlobalValue } from './server-options.ts';

/** What is already gone when the server answers KILL with this number. */
const NO_SUCH_THREAD = 1094;

/** All that is done to a server by asking it in SQL, whoever started it. */
export abstract class BaseServer {
  readonly flavour: Flavour;
  readonly version: string;
  protected readonly admin: AdminConnection;
  readonly #options: ConnectionOptions;
  readonly #originals = new Map<string, GlobalValue>();

  constructor(flavour: Flavour, version: string, options: ConnectionOptions) {
    this.flavour = flavour;
    this.version = version;
    this.#options = options;
    this.admin = new AdminConnection(options);
  }

  get host(): string {
    return this.#options.host;
  }

  get port(): number {
    return this.#options.port;
  }

  connectionOptions(): ConnectionOptions {
    return { ...this.#options };
  }

  url(database = ''): string {
    const { host, port, user, password } = this.#options;
    const secret = password ? `:${encodeURIComponent(password)}` : '';
    return `mysql://${encodeURIComponent(user)}${secret}@${host}:${port}/${database}`;
  }

  query<T = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<T[]> {
    return this.admin.query<T>(sql, params);
  }

  async createDatabase(prefix = 'lifeguard'): Promise<string> {
    const name = `${prefix}_${randomBytes(6).toString('hex')}`;
    await this.query('CREATE DATABASE ??', [name]);
    return name;
  }

  async dropDatabase(name: string): Promise<void> {
    await this.query('DROP DATABASE IF EXISTS ??', [name]);
  }

  async processList(): Promise<ProcessRow[]> {
    const rows = await this.query<RawProcessRow>(PROCESS_LIST_SQL);
    return rows.map(toProcessRow);
  }

  async kill(id: number): Promise<void> {
    await this.#killSeveral([id]);
  }

  async killAll({ db, clientPorts }: KillFilter = {}): Promise<number> {
    const rows = await this.processList();
    const isMeant = (row: ProcessRow): boolean =>
      (db === undefined || row.db === db) && (clientPorts?.includes(row.clientPort) ?? true);
    const ids = rows.filter(isMeant).map(({ id }) => id);
    await this.#killSeveral(ids);
    return ids.length;
  }

  async setGlobal(name: string, value: GlobalValue): Promise<void> {
    if (!this.#originals.has(name)) this.#originals.set(name, await this.#readGlobal(name));
    await this.query('SET GLOBAL ?? = ?', [name, value]);
  }

  async restoreGlobals(): Promise<void> {
    for (const [name, value] of this.#originals) {
      await this.query('SET GLOBAL ?? = ?', [name, value]);
    }
    this.#originals.clear();
  }

  /** To be called after a restart, which has put back all globals by itself. */
  protected forgetGlobals(): void {
    this.#originals.clear();
  }

  async #readGlobal(name: string): Promise<GlobalValue> {
    const [row] = await this.query<{ value: GlobalValue }>('SELECT @@GLOBAL.?? AS value', [name]);
    if (!row) throw new Error(`the server has no global variable ${name}`);
    return row.value;
  }

  async #killSeveral(ids: readonly number[]): Promise<void> {
    for (const id of ids) {
      await this.query('KILL ?', [id]).catch((error: { errno?: number }) => {
        if (error.errno !== NO_SUCH_THREAD) throw error;
      });
    }
    const gone = async (): Promise<boolean> => {
      const rows = await this.processList();
      return !rows.some((row) => ids.includes(row.id));
    };
    await waitUntil(gone, { what: `the end of the connections ${ids.join(', ')}`, intervalMs: 5 });
  }
}
