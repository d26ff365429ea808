import type { Address } from './opened.ts';

/** Opens one connection outside of all pools and returns what closes it. */
export type Dial = (server: Address) => Promise<HangUp>;
export type HangUp = () => void;

export const dialMysql2: Dial = async (server) => {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection(server.connectionOptions());
  return () => connection.destroy();
};

export const dialMariadb: Dial = async (server) => {
  const { createConnection } = await import('mariadb');
  const { mariadbOptions } = await import('./mariadb-pool.ts');
  const connection = await createConnection(mariadbOptions(server));
  return () => connection.destroy();
};
