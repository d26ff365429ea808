import type { Flavour } from '@pool-lifeguard/testkit';
import { createConnection } from 'mysql2/promise';

const PATIENCE_MS = 5_000;

/** Says that the caller's own server cannot be used, without its password. */
export class HostError extends Error {
  override readonly name = 'HostError';
}

/** Asks a server what it is. Throws a `HostError` where nobody answers, or not to this user. */
export async function flavourAt(url: string): Promise<Flavour> {
  const { hostname, port, username, password } = new URL(url);
  try {
    const connection = await createConnection({
      host: hostname,
      port: Number(port || 3306),
      user: decodeURIComponent(username || 'root'),
      password: decodeURIComponent(password),
      connectTimeout: PATIENCE_MS,
    });
    const [rows] = await connection.query('SELECT VERSION() AS version');
    connection.destroy();
    const [row] = rows as { version: string }[];
    return /mariadb/i.test(row?.version ?? '') ? 'mariadb' : 'mysql';
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new HostError(`--url: no login at ${hostname}:${port || 3306}: ${why}`, { cause: error });
  }
}
