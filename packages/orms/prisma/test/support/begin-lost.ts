import type { PrismaMariaDb } from '@prisma/adapter-mariadb';
import type { Pool, PoolConnection } from 'mariadb';

/** Connections of an adapter's pool that are lost between their borrow and the first statement. */
export interface Loss {
  readonly adapter: PrismaMariaDb;
  /** The pool that the adapter made last. */
  pool(): Pool;
  /** So many of the next leases are lost; `also` happens at each. */
  awaits(count: number, also?: () => void): void;
}

/** Has leases of an adapter's pools lost when their holder sends a first statement: `cut` does it. */
export function lossFrom(adapter: PrismaMariaDb, cut: () => void): Loss {
  let latest: Pool | undefined;
  let left = 0;
  let happens = (): void => {};
  const lose = (): void => {
    if (left <= 0) return;
    left--;
    cut();
    happens();
  };
  const { connect } = adapter;
  adapter.connect = async () => {
    const connected = await connect.call(adapter);
    latest = connected.underlyingDriver();
    onFirstStatements(latest, lose);
    return connected;
  };
  return {
    adapter,
    pool() {
      if (!latest) throw new Error('the adapter has not been connected yet');
      return latest;
    },
    awaits(count, also = () => {}) {
      left = count;
      happens = also;
    },
  };
}

/** Calls `first` right before the first statement of each lease. */
function onFirstStatements(pool: Pool, first: () => void): void {
  const { getConnection } = pool;
  pool.getConnection = async () => {
    const lent = await getConnection.call(pool);
    let isFirst = true;
    const before = <Send extends PoolConnection['query']>(send: Send): Send =>
      ((...call: Parameters<Send>) => {
        if (isFirst) first();
        isFirst = false;
        return send.apply(lent, call);
      }) as Send;
    lent.query = before(lent.query);
    lent.execute = before(lent.execute);
    return lent;
  };
}
