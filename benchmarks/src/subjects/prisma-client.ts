import { guard } from '@pool-lifeguard/prisma';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { PrismaClient } from '../../generated/client.ts';
import { mariadbOptions } from './mariadb-pool.ts';
import { POOL_SIZE, settle, type Opened, type Opening } from './opened.ts';

/** Opens a client of Prisma; it prepares its statements unless told to use the text protocol. */
export async function openPrismaClient(
  { server, guarding, size = POOL_SIZE }: Opening,
  options: { readonly useTextProtocol?: boolean } = {},
): Promise<Opened<PrismaClient>> {
  const bare = new PrismaMariaDb({ ...mariadbOptions(server), connectionLimit: size }, options);
  const guarded = guarding && guard(bare, guarding);
  const client = new PrismaClient({ adapter: guarded ?? bare });
  const handle = guarded?.lifeguard;
  await settle(handle, size, () => fill(client, size));
  return { subject: client, guard: handle, close: () => client.$disconnect() };
}

/** Prisma lends connections to transactions only: none of these ends before the last has begun. */
async function fill(client: PrismaClient, size: number): Promise<void> {
  let left = size;
  let begun: () => void;
  const allBegun = new Promise<void>((resolve) => (begun = resolve));
  const transaction = (): Promise<void> => {
    if (--left === 0) begun();
    return allBegun;
  };
  const patient = { maxWait: 10_000, timeout: 10_000 };
  const transactions = Array.from({ length: size }, () =>
    client.$transaction(transaction, patient),
  );
  await Promise.all(transactions);
}
