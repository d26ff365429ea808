import type { Ask } from '../measuring/closed-loop.ts';
import { openKnex } from './knex.ts';
import { openMariadbPool } from './mariadb-pool.ts';
import type { Address, Opened } from './opened.ts';
import { openMysql2Pool } from './mysql2-pool.ts';
import { openPingingPool } from './pinging-pool.ts';
import { openSequelize } from './sequelize.ts';
import { askMariadb, askMysql2, mapped } from './statements.ts';

/** One who is compared with bare mysql2, as the figures name him. */
export interface Peer {
  readonly name: string;
  open(server: Address): Promise<Opened<Ask>>;
}

/** The first is what the others are compared with. */
export const PEERS: readonly Peer[] = [
  {
    name: 'mysql2',
    open: async (server) =>
      mapped(await openMysql2Pool({ server, guarding: undefined }), askMysql2),
  },
  {
    name: 'mysql2, guarded',
    open: async (server) => mapped(await openMysql2Pool({ server, guarding: {} }), askMysql2),
  },
  { name: 'mysql2, a ping at every borrow', open: openPingingPool },
  {
    name: 'mariadb',
    open: async (server) =>
      mapped(await openMariadbPool({ server, guarding: undefined }), askMariadb),
  },
  {
    name: 'mariadb, guarded',
    open: async (server) => mapped(await openMariadbPool({ server, guarding: {} }), askMariadb),
  },
  {
    name: 'mariadb, minDelayValidation: 0',
    open: async (server) => {
      const validating = { minDelayValidation: 0 };
      const pool = await openMariadbPool({ server, guarding: undefined }, validating);
      return mapped(pool, askMariadb);
    },
  },
  { name: 'Sequelize', open: openSequelize },
  { name: 'Knex', open: openKnex },
];
