import { guard } from '@pool-lifeguard/prisma';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { PrismaClient } from '../../generated/client.ts';
import { POOL_SIZE, settled, type Address, type Contestants } from './contestants.ts';
import { mariadbOptions } from './mariadb-pools.ts';

/** Opens two clients of Prisma, fills their pools and lets the guarded one come to rest. */
export async function openPrismaClients(server: Address): Promise<Contestants<PrismaClient>> {
  const adapter = guard(new PrismaMariaDb(mariadbOptions(server)));
  const bare = new PrismaClient({ adapter: new PrismaMariaDb(mariadbOptions(server)) });
  const guarded = new PrismaClient({ adapter });
  const rest = settled(adapter.lifeguard);
  await fill(bare);
  await fill(guarded);
  await rest;
  const close = async (): Promise<void> => {
    await Promise.all([bare.$disconnect(), guarded.$disconnect()]);
  };
  return { sides: { bare, guarded }, guard: adapter.lifeguard, close };
}

/** Prisma lends connections to transactions only: none of these ends before the last has begun. */
async function fill(client: PrismaClient): Promise<void> {
  let left = POOL_SIZE;
  let begun: () => void;
  const allBegun = new Promise<void>((resolve) => (begun = resolve));
  const transaction = (): Promise<void> => {
    if (--left === 0) begun();
    return allBegun;
  };
  const patient = { maxWait: 10_000, timeout: 10_000 };
  const transactions = Array.from({ length: POOL_SIZE }, () =>
    client.$transaction(transaction, patient),
  );
  await Promise.all(transactions);
}
