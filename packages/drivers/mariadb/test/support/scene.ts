import {
  failureOf,
  waitUntil,
  type DatabaseServer,
  type FaultProxy,
} from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool, type PoolConfig } from 'mariadb';
import { fateOf, guard, type Guard } from '../../src/index.ts';
import { heedless } from '../subjects/mariadb-options.ts';
import { borrow, type Lease } from './cores.ts';
import { drop, loginOf, UNDOUBTED } from './same.ts';

/** Two connections of a guarded pool, of which one is lent and the other one idle. */
export interface Scene {
  readonly server: DatabaseServer;
  readonly proxy: FaultProxy;
  readonly database: string;
  readonly handle: Guard;
  readonly lent: Lease;
}

/** What an error meant: how far it reached, what is said of its statement, who of the two is left. */
export interface Meaning {
  readonly scope: unknown;
  readonly executed: unknown;
  readonly left: number;
}

/** Where they lead, and which they are. */
export interface Place extends Omit<Scene, 'handle' | 'lent'> {
  readonly options?: PoolConfig;
}

/** A statement that takes long, and says so when it is interrupted. */
export const SLEEP = 'SELECT SLEEP(20) FROM (SELECT 1 UNION SELECT 2) AS two';

/** Asks for that, and does something once the server is at it. Resolves with the error. */
export async function during(scene: Scene, act: () => unknown): Promise<Error> {
  const answer = failureOf(scene.lent.wrapper.query(SLEEP));
  await waitUntil(
    async () => (await scene.server.processList()).some(({ info }) => info === SLEEP),
    { what: 'the statement' },
  );
  await act();
  return answer;
}

/** Makes an error, and expects it to be that one and to mean this. */
export async function expectMeaning(
  { options, ...place }: Place,
  make: (scene: Scene) => Promise<unknown>,
  says: object,
  { scope, executed, left }: Meaning,
): Promise<void> {
  const at = { ...loginOf(place.server), port: place.proxy.port, connectionLimit: 2 };
  const pool: Pool = createPool({ ...at, minimumIdle: 0, ...options });
  heedless(pool);
  try {
    const handle = guard(pool, UNDOUBTED);
    let reached: unknown = 'statement';
    handle.on('failure', (failure) => (reached = failure.scope));
    const [lent, other] = [await borrow(pool), await borrow(pool)];
    await other.wrapper.release();
    const error = await failureOf(make({ ...place, handle, lent }));
    await lent.wrapper.release();
    expect(error).to.include(says);
    expect({ scope: reached, executed: fateOf(error)?.executed }).to.deep.equal({
      scope,
      executed,
    });
    await waitUntil(() => handle.stats().idle === left, { what: `${left} connections` });
  } finally {
    drop(pool);
  }
}
