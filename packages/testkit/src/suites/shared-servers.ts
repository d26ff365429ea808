import type { Flavour } from '../flavour.ts';
import type { DatabaseServer } from '../server/database-server.ts';
import { startServer } from '../server/start-server.ts';

const running = new Map<Flavour, Promise<DatabaseServer>>();

/** The one server per flavour that all suites of a process share; started when first asked for. */
export function sharedServer(flavour: Flavour): Promise<DatabaseServer> {
  const known = running.get(flavour);
  if (known) return known;
  const starting = startServer(flavour);
  running.set(flavour, starting);
  return starting;
}

/** Stops the shared servers; to be called once, after the last suite. */
export async function stopSharedServers(): Promise<void> {
  const servers = [...running.values()];
  running.clear();
  await Promise.all(
    servers.map((starting) =>
      starting.then(
        (server) => server.stop(),
        () => {},
      ),
    ),
  );
}
