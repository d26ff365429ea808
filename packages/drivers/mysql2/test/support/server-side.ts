import { waitUntil, type DatabaseServer, type ProcessRow } from '@pool-lifeguard/testkit';

/** The clients that the server sees in one database. */
export async function clientsOf(server: DatabaseServer, database: string): Promise<ProcessRow[]> {
  return (await server.processList()).filter((row) => row.db === database);
}

/** Resolves when the server sees this many clients in the database. */
export async function untilClients(
  server: DatabaseServer,
  database: string,
  count: number,
): Promise<void> {
  await waitUntil(async () => (await clientsOf(server, database)).length === count, {
    what: `${count} clients in ${database}`,
  });
}
