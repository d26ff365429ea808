import type { OpenOptions, Subject } from '@pool-lifeguard/testkit/conformance';
import { BARE } from '@pool-lifeguard/testkit/conformance';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { PrismaClient } from '../support/versions.ts';
import { WAYS, type GuardedClient } from '../support/ways.ts';
import { hold } from './interactive-transaction.ts';
import { numbered } from './numbered.ts';

/** A client of Prisma on its adapter for mariadb, with raw queries and no other. */
export const subject: Subject = {
  name: 'client',
  module: import.meta.url,
  ways: Object.keys(WAYS),
  // Prisma holds a connection in a transaction only, and there it cannot be replaced.
  supports: { held: 'none', streams: false, validates: true },
  async open(options) {
    const { prisma, guard } = clientOf(options.way, await adapterOf(options), options.lifeguard);
    await prisma.$connect();
    return {
      guard,
      query: async (sql, params = []) => numbered(await prisma.$queryRawUnsafe(sql, ...params)),
      hold: () => hold(prisma),
      close: () => prisma.$disconnect(),
    };
  },
};

/**
 * The suite says how many connections there are to be, so the pool must not open any by itself. The
 * driver that Prisma brings would open none at all then, not even to ask for the server's version,
 * which the adapter does once: that comes before.
 */
async function adapterOf({
  connection,
  connectionLimit,
  way,
}: OpenOptions): Promise<PrismaMariaDb> {
  const config = {
    ...connection,
    connectionLimit,
    minimumIdle: 1,
    // MySQL's way to authenticate without TLS.
    allowPublicKeyRetrieval: true,
    // Prisma's own default; without it, the adapter would keep a copy of these options.
    prepareCacheLength: 0,
  };
  const adapter = new PrismaMariaDb(config);
  if (way === BARE) return adapter;
  await (await adapter.connect()).dispose();
  config.minimumIdle = 0;
  return adapter;
}

function clientOf(
  way: string,
  adapter: PrismaMariaDb,
  lifeguard: OpenOptions['lifeguard'],
): Pick<GuardedClient, 'prisma'> & Partial<GuardedClient> {
  if (way === BARE) return { prisma: new PrismaClient({ adapter }) };
  const guarded = WAYS[way]?.(adapter, lifeguard);
  if (!guarded) throw new Error(`there is no way ${way}`);
  return guarded;
}
