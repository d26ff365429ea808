import { shadow } from '@pool-lifeguard/core';
import type { Adapter } from './prisma-shapes.ts';

/**
 * Makes good what an adapter could not find out. It asks for the server's version once, on a pool
 * that is not guarded yet, and where that fails it takes the server for an old one for ever, which
 * has no joins of relations. So a "no" is asked again, through the guard.
 *
 * @returns whether the answer is known now.
 */
export async function settleCapabilities(adapter: Adapter): Promise<boolean> {
  const info = adapter.getConnectionInfo?.();
  if (!info || info.supportsRelationJoins) return true;
  const version = await versionOf(adapter);
  if (version === undefined) return false;
  if (hasLateralJoins(version)) {
    shadow(adapter, 'getConnectionInfo', () => ({ ...info, supportsRelationJoins: true }));
  }
  return true;
}

async function versionOf(adapter: Adapter): Promise<string | undefined> {
  try {
    const { rows } = await adapter.queryRaw({ sql: 'SELECT VERSION()', args: [], argTypes: [] });
    return String(rows[0]?.[0]);
  } catch {
    return undefined;
  }
}

/** As Prisma's own adapter decides it: MySQL from 8.0.13 on, no MariaDB. */
function hasLateralJoins(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  if (/mariadb/i.test(version) || major < 8) return false;
  return major > 8 || minor > 0 || patch >= 13;
}
