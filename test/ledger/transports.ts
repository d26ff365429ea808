import type { DatabaseServer } from '@pool-lifeguard/testkit';
import type { Login } from './subjects.ts';

/** What a login says of how its bytes travel, by name. */
export const TRANSPORTS: Readonly<Record<string, (server: DatabaseServer) => Partial<Login>>> = {
  plain: () => ({}),
  TLS: ({ ca = '' }) => ({ ssl: { ca } }),
  compressed: () => ({ compress: true }),
};
