import { expect } from 'chai';
import type { DatabaseServer } from '../server/database-server.ts';
import { Journal } from './journal.ts';

/**
 * The ways in which a scenario is run. Guarded by default, a connection used a moment ago is lent at
 * once; the other two make every borrow of an idle connection wait for a look, or for a ping.
 */
const GUARDED: Readonly<Record<string, object>> = {
  guarded: {},
  'guarded, each borrow with a look': { aliveBypassWindow: 0 },
  'guarded, each borrow with a ping': { aliveBypassWindow: 0, pingIdleAfter: 0 },
};

/** What a driver's tests bring: its pools, and how one is guarded. */
export interface ParityDriver<Pool, Config, Options, Handle> {
  login(server: DatabaseServer): Config;
  open(config: Config): Pool;
  guard(pool: Pool, options: Options): Handle;
  /** Ends a pool whatever state it is in. */
  drop(pool: Pool): void;
  /** Events of the pool that do not show a connection itself. */
  readonly nameless?: readonly string[];
}

/** What a scenario has to work with. */
export interface Scene<Pool, Config, Handle> {
  readonly pool: Pool;
  readonly journal: Journal;
  readonly server: DatabaseServer;
  readonly options: Config & { readonly database: string };
  /** Undefined where the pool is bare. */
  readonly handle: Handle | undefined;
}

/** How a scenario's pool is made; options of the guard say that it is guarded in that one way. */
export type ParitySetting<Config, Options> = Config & { readonly lifeguard?: Options };

/** Declares a test of one scenario, bare and guarded. */
type Declare<Pool, Config, Options, Handle, Compare> = <T>(
  title: string,
  setting: ParitySetting<Config, Options> | (() => ParitySetting<Config, Options>),
  scenario: (scene: Scene<Pool, Config, Handle>) => Promise<T>,
  check: Compare extends 'same' ? (bare: T) => void : (bare: T, guarded: T, way: string) => void,
) => void;

export interface Parity<Pool, Config, Options, Handle> {
  /** Declares a test: what the scenario observes is the same bare and guarded, and `check` holds. */
  readonly same: Declare<Pool, Config, Options, Handle, 'same'>;
  /** Declares a test of what is better guarded than bare. */
  readonly better: Declare<Pool, Config, Options, Handle, 'better'>;
}

/** For use in a suite: tests that run one scenario bare and guarded, and compare. */
export function parityOf<Pool extends object, Config extends object, Options, Handle>(
  driver: ParityDriver<Pool, Config, Options, Handle>,
  server: () => DatabaseServer,
): Parity<Pool, Config, Options, Handle> {
  let database = '';
  before('create a database', async () => {
    database = await server().createDatabase('parity');
  });
  after('drop the database', () => server().dropDatabase(database));

  const play = async <T>(
    config: Config,
    lifeguard: Options | undefined,
    scenario: (scene: Scene<Pool, Config, Handle>) => Promise<T>,
  ): Promise<T> => {
    const options = { ...driver.login(server()), database, ...config };
    const pool = driver.open(options);
    const journal = new Journal().follow(pool, driver.nameless);
    const handle = lifeguard && driver.guard(pool, lifeguard);
    try {
      return await scenario({ pool, journal, server: server(), options, handle });
    } finally {
      driver.drop(pool);
    }
  };

  const better: Parity<Pool, Config, Options, Handle>['better'] = (
    title,
    setting,
    scenario,
    check,
  ) => {
    it(title, async () => {
      const { lifeguard, ...config } = typeof setting === 'function' ? setting() : setting;
      const bare = await play(config as Config, undefined, scenario);
      const ways = (lifeguard ? { guarded: lifeguard } : GUARDED) as Record<string, Options>;
      for (const [way, by] of Object.entries(ways)) {
        check(bare, await play(config as Config, by, scenario), way);
      }
    });
  };
  return {
    better,
    same: (title, setting, scenario, check) => {
      better(title, setting, scenario, (bare, guarded, way) => {
        check(bare);
        expect(guarded, way).to.deep.equal(bare);
      });
    },
  };
}
