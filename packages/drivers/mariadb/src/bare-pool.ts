import type { Pool } from './mariadb-shapes.ts';

/** The pool's own ways, as they were before the guard. */
export type BarePool = Pick<
  Pool,
  'getConnection' | 'release' | 'end' | '_handleRelease' | '_prepareNewConnection'
>;

/** The pool's own ways, as they are now. */
export function barePool(pool: Pool): BarePool {
  const { getConnection, release, end, _handleRelease, _prepareNewConnection } = pool;
  return {
    getConnection: (...request) => getConnection.apply(pool, request),
    release: (connection) => release.call(pool, connection),
    end: () => end.call(pool),
    _handleRelease: (...lease) => _handleRelease.apply(pool, lease),
    _prepareNewConnection: (...dialed) => _prepareNewConnection.apply(pool, dialed),
  };
}
