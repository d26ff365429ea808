import { LifeguardError } from '@pool-lifeguard/core';
import type { AdapterFactory, Client } from './prisma-shapes.ts';

const ALLOWED =
  'allowed: what `new PrismaMariaDb(…)` of "@prisma/adapter-mariadb" ^6.13.0 or ^7.0.0 makes.';

/**
 * The factory in what the user gave.
 *
 * @throws LifeguardError `LIFEGUARD_UNSUPPORTED` for anything else, other databases included.
 */
export function asFactory(value: unknown): AdapterFactory {
  if (!isFactory(value)) {
    throw unsupported(
      `guard() was given something that is not a driver adapter of Prisma; ${ALLOWED}`,
    );
  }
  if (value.provider === 'mysql') return value;
  const { adapterName, provider } = value;
  throw unsupported(`"${adapterName}" is a driver adapter for ${provider}; ${ALLOWED}`);
}

/**
 * The factory that a client was made with, and the client as we use it.
 *
 * @throws LifeguardError `LIFEGUARD_UNSUPPORTED` where the client has none, or hides it.
 */
export function asClient(value: unknown): { client: Client; factory: AdapterFactory } {
  const { _engineConfig: config, _engine: engine } = (value ?? {}) as Partial<Client>;
  if (typeof config !== 'object' || typeof engine?.start !== 'function') {
    throw unsupported(
      'This is not a Prisma client, or not of a version that Lifeguard knows (6.13 to 7), so its ' +
        'pool cannot be found. Guard the driver adapter instead: ' +
        'new PrismaClient({ adapter: guard(new PrismaMariaDb(…)) }).',
    );
  }
  if (config.adapter === undefined || config.adapter === null) {
    throw unsupported(
      'This Prisma client has no driver adapter. Its connections are inside the query engine (or ' +
        'behind Accelerate), where nothing outside can reach them, so they cannot be protected. ' +
        'Give it a driver adapter: new PrismaClient({ adapter: new PrismaMariaDb(…) }) with ' +
        '"@prisma/adapter-mariadb", in Prisma 6 together with `engineType = "client"` in the ' +
        'generator (up to 6.15: `previewFeatures = ["queryCompiler", "driverAdapters"]`).',
    );
  }
  return { client: value as Client, factory: asFactory(config.adapter) };
}

function isFactory(value: unknown): value is AdapterFactory {
  if (typeof value !== 'object' || value === null) return false;
  const { provider, adapterName, connect } = value as Partial<AdapterFactory>;
  return (
    typeof provider === 'string' && typeof adapterName === 'string' && typeof connect === 'function'
  );
}

export function unsupported(message: string): LifeguardError {
  return new LifeguardError('LIFEGUARD_UNSUPPORTED', message);
}
