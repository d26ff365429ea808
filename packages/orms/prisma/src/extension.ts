import type { Guard, LifeguardOptions } from '@pool-lifeguard/core';
import type { PrismaClientExtends } from '@prisma/client/extension';
import { guardClient } from './guard-client.ts';

/** What a client has beside its own once it was extended. */
interface ClientMembers {
  /** Counters, events, evictions and the undo, over all pools of the client. */
  readonly $lifeguard: Guard;
}

type Extended = ReturnType<typeof extend>;

/**
 * Guards the pools of a client by an extension: `prisma.$extends(lifeguard())`. It works with other
 * extensions in any order, and for a client that is connected already. All clients that were
 * extended from the same one share their pools, so they are guarded with it.
 *
 * @throws LifeguardError (at `$extends`) `LIFEGUARD_INVALID_OPTION`, or `LIFEGUARD_UNSUPPORTED` where
 *   the client has no driver adapter or does not show it.
 */
export function lifeguard(options?: LifeguardOptions): (client: unknown) => Extended {
  return (client) => {
    const $lifeguard = guardClient(client, options);
    return extend(client as PrismaClientExtends, { $lifeguard });
  };
}

function extend(client: PrismaClientExtends, members: ClientMembers) {
  // As a fresh object, which has the index signature that Prisma's types ask for.
  return client.$extends({ name: 'lifeguard', client: { ...members } });
}
