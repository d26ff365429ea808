import type { Answered, Ask } from '../closed-loop.ts';
import type { Address, Contestants } from './contestants.ts';
import { openDataSources } from './data-sources.ts';
import { openMariadbPools } from './mariadb-pools.ts';
import { openMysql2Pools } from './mysql2-pools.ts';
import { openPrismaClients } from './prisma-clients.ts';

/** What is asked for the smallest statement, as figures name it. */
export interface Subject {
  readonly name: string;
  open(server: Address): Promise<Contestants<Ask>>;
}

const SQL = 'SELECT 1';

export const mysql2 = subject('mysql2, pool.query', openMysql2Pools, (pool, answered) => {
  pool.query(SQL, answered);
});

export const typeorm = subject('TypeORM, dataSource.query', openDataSources, (source, answered) => {
  source.query(SQL).then(() => answered(null), answered);
});

export const mariadb = subject('mariadb, pool.query', openMariadbPools, (pool, answered) => {
  pool.query(SQL).then(() => answered(null), answered);
});

export const prisma = subject('Prisma, $queryRawUnsafe', openPrismaClients, (client, answered) => {
  client.$queryRawUnsafe(SQL).then(() => answered(null), answered);
});

function subject<T>(
  name: string,
  openBoth: (server: Address) => Promise<Contestants<T>>,
  ask: (side: T, answered: Answered) => void,
): Subject {
  return {
    name,
    async open(server) {
      const { sides, guard, close } = await openBoth(server);
      const { bare, guarded } = sides;
      return {
        sides: {
          bare: (answered) => ask(bare, answered),
          guarded: (answered) => ask(guarded, answered),
        },
        guard,
        close,
      };
    },
  };
}
