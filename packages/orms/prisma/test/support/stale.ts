import type { LifeguardOptions } from '../../src/index.ts';
import type { Client } from './versions.ts';

/** Every use counts as one after a long silence, so that no test has to wait for one. */
export const ALERT = { aliveBypassWindow: 0, pingAfter: 0 } as const satisfies LifeguardOptions;

/** The driver's own pool validates nothing, however long a test takes. */
export const UNCHECKED = { minDelayValidation: 600_000 } as const;

/** The ways of using a client, each of which reaches its pool in its own manner. */
export const USES: Readonly<Record<string, (prisma: Client) => Promise<unknown>>> = {
  'find…': (prisma) => prisma.tweet.findMany(),
  create: (prisma) => prisma.tweet.create({ data: tweet('one') }),
  createMany: (prisma) => prisma.tweet.createMany({ data: [tweet('one'), tweet('two')] }),
  upsert: (prisma) =>
    prisma.tweet.upsert({ where: { id: 1_000 }, create: tweet('one'), update: tweet('two') }),
  $queryRaw: (prisma) => prisma.$queryRaw`SELECT 1`,
  $executeRaw: (prisma) => prisma.$executeRaw`DELETE FROM Tweet WHERE id < 0`,
  '$transaction([…])': (prisma) =>
    prisma.$transaction([prisma.tweet.create({ data: tweet('one') }), prisma.tweet.count()]),
  '$transaction(async …)': (prisma) =>
    prisma.$transaction(async (tx) => {
      await tx.tweet.create({ data: tweet('one') });
      return tx.tweet.count();
    }),
  'an isolation level': (prisma) =>
    prisma.$transaction((tx) => tx.tweet.count(), { isolationLevel: 'Serializable' }),
};

/** What to create. */
export function tweet(text: string): { author: string; text: string } {
  return { author: 'ada', text };
}
