import type { Subject } from '@pool-lifeguard/testkit/conformance';
import { subject as mariadb } from '../../packages/drivers/mariadb/test/subjects/promise-pool.ts';
import { subject as mysql2 } from '../../packages/drivers/mysql2/test/subjects/promise-pool.ts';
import { subject as prisma } from '../../packages/orms/prisma/test/subjects/client.ts';
import { subject as typeorm } from '../../packages/orms/typeorm/test/subjects/data-source.ts';

/** A subject in the version that a process of its own is to load. */
export interface Column {
  readonly title: string;
  readonly subject: Subject;
  readonly env: Readonly<Record<string, string>>;
  /** The installed packages that it is made of. */
  readonly packages: readonly string[];
}

/** What the faults are done to, each bare and guarded. */
export const COLUMNS: readonly Column[] = [
  { title: 'mysql2', subject: mysql2, env: {}, packages: ['mysql2'] },
  { title: 'mariadb', subject: mariadb, env: {}, packages: ['mariadb'] },
  {
    title: 'TypeORM 0.3',
    subject: typeorm,
    env: { LIFEGUARD_TEST_TYPEORM: '0.3' },
    packages: ['typeorm-0.3', 'mysql2'],
  },
  {
    title: 'TypeORM 1',
    subject: typeorm,
    env: { LIFEGUARD_TEST_TYPEORM: '' },
    packages: ['typeorm', 'mysql2'],
  },
  {
    title: 'Prisma',
    subject: prisma,
    env: {},
    packages: ['@prisma/client', '@prisma/adapter-mariadb'],
  },
];
