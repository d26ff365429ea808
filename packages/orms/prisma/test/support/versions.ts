import type * as Newest from '../generated/7/client.ts';

/** A client as the newest version generates it; the older ones have all that tests use of it. */
export type Client = Newest.PrismaClient;

/** Which version of Prisma this run tests: `7`, `6` or `6.13`. */
export const version = process.env['LIFEGUARD_TEST_PRISMA'] || '7';

const generated = (await import(`../generated/${version}/client.ts`)) as typeof Newest;

/** The client that this version of Prisma has generated for the model `Tweet`. */
export const PrismaClient = generated.PrismaClient;

/** Prisma's own errors, in this version. */
export const Prisma = generated.Prisma;

/** Whether this version still has `$use`. */
export const hasMiddleware = version === '6.13';

/** What `$use` takes, which newer versions have forgotten. */
export interface LegacyClient {
  $use(middleware: (params: unknown, next: (params: unknown) => unknown) => unknown): void;
}
