import {
  eachServer,
  failureOf,
  spawnChild,
  useProxy,
  type FrozenChild,
} from '@pool-lifeguard/testkit';
import type { PoolStats } from '@pool-lifeguard/typeorm';
import { expect } from 'chai';
import { useDatabase } from './support/database.ts';
import { ALERT } from './support/stale.ts';

const APPLICATION = new URL('fixtures/application.ts', import.meta.url);

/** What an application does to be guarded, and under which environment it is. */
interface Row {
  readonly way: 'guard' | 'subscriber' | 'flag';
  readonly flag?: boolean | object;
  /** The word for each value of `LIFEGUARD`; `bare` where nothing is to be seen of the guard. */
  readonly outcome: Readonly<Record<Environment, 'on' | 'observe' | 'bare'>>;
}

type Environment = 'unset' | 'on' | 'off' | 'observe';

const followed = { unset: 'on', on: 'on', off: 'bare', observe: 'observe' } as const;
const offered = { ...followed, unset: 'bare' } as const;

const registered: readonly Row[] = [
  { way: 'flag', outcome: offered },
  { way: 'flag', flag: true, outcome: followed },
  { way: 'flag', flag: ALERT, outcome: followed },
  { way: 'flag', flag: false, outcome: offered },
  { way: 'flag', flag: { enabled: 'observe' }, outcome: { ...followed, unset: 'observe' } },
];

const inCode: readonly Row[] = [
  { way: 'guard', flag: ALERT, outcome: followed },
  { way: 'subscriber', flag: ALERT, outcome: followed },
  { way: 'subscriber', outcome: followed },
];

/** Applications by what they import and by their environment, each started once for both servers. */
const applications = new Map<string, Promise<FrozenChild>>();

function application(module: string, environment: string): Promise<FrozenChild> {
  const name = `${module} ${environment}`;
  const LIFEGUARD = environment === 'unset' ? '' : environment;
  const started =
    applications.get(name) ?? spawnChild(APPLICATION, { args: [module], env: { LIFEGUARD } });
  applications.set(name, started);
  return started;
}

describe('the environment variable LIFEGUARD', () => {
  after('end the applications', async () => {
    for (const started of applications.values()) await (await started).kill();
  });

  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);

    const open = (child: FrozenChild, { way, flag }: Row): Promise<unknown> => {
      const extra = flag === undefined ? {} : { lifeguard: flag };
      return child.call('open', { way, options: database.options({ port: proxy().port, extra }) });
    };

    /** Whether the application's next query works although its connection is gone. */
    const goesOn = async (child: FrozenChild): Promise<boolean> => {
      proxy().forget('existing');
      return child.call('query').then(Boolean, () => false);
    };

    const check = async (child: FrozenChild, row: Row, environment: Environment): Promise<void> => {
      const outcome = row.outcome[environment];
      const said = child.stderr.length;
      await open(child, row);
      expect(await child.call('guarded'), 'guarded').to.equal(outcome !== 'bare');
      if (outcome !== 'on') expect(await goesOn(child)).to.equal(false);
      else if (row.flag === ALERT) expect(await goesOn(child)).to.equal(true);
      await child.call('close');
      expect(child.stderr.slice(said)).not.to.include('Ignoring invalid configuration option');
    };

    for (const [module, rows] of Object.entries({ register: registered, index: inCode })) {
      for (const environment of ['unset', 'on', 'off', 'observe'] as const) {
        for (const row of rows) {
          const flag = row.flag === undefined ? 'without a flag' : JSON.stringify(row.flag);
          const name = `${environment}, by ${module}.ts, ${row.way} ${flag}`;
          it(`${name}: ${row.outcome[environment]}`, async () => {
            await check(await application(module, environment), row, environment);
          });
        }
      }
    }

    it('observe: judges and reports, and changes nothing', async () => {
      const child = await application('index', 'observe');
      await open(child, { way: 'guard', flag: ALERT, outcome: followed });
      await child.call('query');
      const stats = await child.call<PoolStats>('stats');
      expect(stats).to.include({ mode: 'observe', looks: 0, pings: 0 });
      expect(stats.borrows).to.be.greaterThan(0);
      await child.call('close');
    });

    it('anything else: refused by name', async () => {
      const child = await application('register', 'maybe');
      const opened = open(child, { way: 'flag', flag: true, outcome: followed });
      expect((await failureOf(opened)).message).to.equal(
        'Environment variable LIFEGUARD is "maybe"; allowed: "on", "off", "observe".',
      );
    });
  });
});
