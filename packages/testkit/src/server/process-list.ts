/** One connection as the server sees it. */
export interface ProcessRow {
  readonly id: number;
  readonly user: string;
  readonly host: string;
  /** The client's TCP port, by which its socket is recognised; `undefined` on a unix socket. */
  readonly clientPort: number | undefined;
  readonly db: string | undefined;
  /** `Sleep`, `Query`, … */
  readonly command: string;
  /** Seconds spent in the present state. */
  readonly timeSeconds: number;
  readonly state: string;
  /** The statement under way. */
  readonly info: string | undefined;
}

/** A row of `information_schema.PROCESSLIST`. */
export interface RawProcessRow {
  readonly ID: number;
  readonly USER: string | null;
  readonly HOST: string | null;
  readonly DB: string | null;
  readonly COMMAND: string;
  readonly TIME: number | null;
  readonly STATE: string | null;
  readonly INFO: string | null;
}

/** Lists all clients but the one that asks; the server's own threads are no clients. */
export const PROCESS_LIST_SQL = `
  SELECT ID, USER, HOST, DB, COMMAND, TIME, STATE, INFO FROM information_schema.PROCESSLIST
  WHERE ID <> CONNECTION_ID() AND COMMAND <> 'Daemon'
    AND USER NOT IN ('system user', 'event_scheduler')
  ORDER BY ID`;

/** Turns the server's row into ours. */
export function toProcessRow(raw: RawProcessRow): ProcessRow {
  const host = raw.HOST ?? '';
  const clientPort = /:(\d+)$/.exec(host)?.[1];
  return {
    id: Number(raw.ID),
    user: raw.USER ?? '',
    host: host.replace(/:\d+$/, ''),
    clientPort: clientPort === undefined ? undefined : Number(clientPort),
    db: raw.DB ?? undefined,
    command: raw.COMMAND,
    timeSeconds: Number(raw.TIME ?? 0),
    state: raw.STATE ?? '',
    info: raw.INFO ?? undefined,
  };
}
