import type { PrismaMariaDb } from '@prisma/adapter-mariadb';
import type { Guard, LifeguardOptions } from '../../src/index.ts';
import { guard, lifeguard, lifeguardMiddleware } from '../../src/index.ts';
import { hasMiddleware, PrismaClient, type Client, type LegacyClient } from './versions.ts';

/** A client that is guarded in some way, and the guard that its user holds. */
export interface GuardedClient {
  readonly prisma: Client;
  readonly guard: Guard;
}

type Way = (adapter: PrismaMariaDb, options?: LifeguardOptions) => GuardedClient;

const always: Readonly<Record<string, Way>> = {
  'guard(adapter)'(adapter, options) {
    const guarded = guard(adapter, options);
    return { prisma: new PrismaClient({ adapter: guarded }), guard: guarded.lifeguard };
  },
  '$extends(lifeguard())'(adapter, options) {
    const prisma = new PrismaClient({ adapter }).$extends(lifeguard(options));
    return { prisma: prisma as unknown as Client, guard: prisma.$lifeguard };
  },
};

const legacy: Readonly<Record<string, Way>> = {
  '$use(lifeguardMiddleware())'(adapter, options) {
    const prisma = new PrismaClient({ adapter });
    const middleware = lifeguardMiddleware(prisma, options);
    (prisma as unknown as LegacyClient).$use(middleware);
    return { prisma, guard: middleware.lifeguard };
  },
};

/** The ways to switch Lifeguard on that the tested version of Prisma has. */
export const WAYS: Readonly<Record<string, Way>> = hasMiddleware
  ? { ...always, ...legacy }
  : always;
