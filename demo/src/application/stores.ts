import type { OrmName } from '../orms.ts';
import type { StoreOptions, TweetStore } from './tweet-store.ts';

/** Makes the store of an ORM, when its module is loaded. */
export type MakeStore = (options: StoreOptions) => TweetStore;

const MAKERS: Readonly<Record<OrmName, () => Promise<MakeStore>>> = {
  typeorm: async () => (await import('./typeorm/store.ts')).typeormStore,
  prisma: async () => (await import('./prisma/store.ts')).prismaStore,
};

/** Loads one ORM; the other one stays out of the process. */
export function loadStore(orm: OrmName): Promise<MakeStore> {
  return MAKERS[orm]();
}
