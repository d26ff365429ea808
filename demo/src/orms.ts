/** The ORMs with which the same application is played. */
export type OrmName = 'typeorm' | 'prisma';

/** What people are told of an ORM. */
interface OrmFacts {
  readonly label: string;
  /** The driver below it. */
  readonly driver: string;
  /** What the bare driver does by itself against stale connections, if anything. */
  readonly validates?: string;
  /** The one line in which the guarded application differs. */
  readonly line: string;
  /** Why nobody can hold a connection over several statements, where that is so. */
  readonly holdsNone?: string;
}

export const ORMS: Readonly<Record<OrmName, OrmFacts>> = {
  typeorm: { label: 'TypeORM', driver: 'mysql2', line: 'guard(dataSource)' },
  prisma: {
    label: 'Prisma',
    driver: 'mariadb',
    validates: 'which by itself pings what has rested for 0.5 s',
    line: 'guard(adapter)',
    holdsNone: 'Prisma holds a connection only for a transaction, which dies with it',
  },
};

/** All of them, in the order of the play. */
export const ORM_NAMES = Object.keys(ORMS) as readonly OrmName[];

/** Such as `TypeORM on mysql2`, with what must be known to judge the bare side. */
export function stackInWords(orm: OrmName): string {
  const { label, driver, validates } = ORMS[orm];
  return `${label} on ${driver}${validates === undefined ? '' : `, ${validates}`}`;
}
