import { eachServer, spawnChild, useProxy, type FrozenChild } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { useDatabase } from './support/database.ts';
import { UNCHECKED } from './support/stale.ts';

const APPLICATION = new URL('fixtures/application.ts', import.meta.url);

/** By what the application imports: the guard's mode for each value of `LIFEGUARD`. */
const MODES = {
  nothing: { unset: undefined, on: undefined, off: undefined, observe: undefined },
  register: { unset: undefined, on: 'on', off: undefined, observe: 'observe' },
  index: { unset: 'on', on: 'on', off: 'off', observe: 'observe' },
  middleware: { unset: 'on', on: 'on', off: 'off', observe: 'observe' },
} as const;

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

describe('the environment variable LIFEGUARD', function () {
  this.timeout(20_000);

  after('end the applications', async () => {
    for (const started of applications.values()) {
      const child = await started;
      await child.call('exit');
      await child.exit;
    }
  });

  eachServer((server) => {
    const database = useDatabase(server);
    const proxy = useProxy(server);

    for (const [module, modes] of Object.entries(MODES)) {
      for (const [environment, mode] of Object.entries(modes)) {
        it(`${environment}, with ${module} imported: ${mode ?? 'bare'}`, async () => {
          const child = await application(module, environment);
          const config = { port: proxy().port, connectionLimit: 1, ...UNCHECKED };
          await child.call('open', database.config(config));
          await child.call('query');
          expect(await child.call('mode')).to.equal(mode);
          await child.call('close');
        });
      }
    }

    for (const module of ['index', 'middleware']) {
      for (const [environment, goesOn] of [
        ['off', false],
        ['on', true],
      ] as const) {
        it(`${environment} has the last word over what the code says, with ${module} imported`, async () => {
          const child = await application(module, environment);
          const config = { port: proxy().port, connectionLimit: 1, ...UNCHECKED };
          await child.call('open', database.config(config));
          await child.call('query');
          proxy().forget('existing');
          const answer = child.call('query').then(
            () => true,
            () => false,
          );
          expect(await answer, environment).to.equal(goesOn);
          await child.call('close');
        });
      }
    }
  });
});
