import { failureOf } from '@pool-lifeguard/testkit';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import { expect } from 'chai';
import { createPool } from 'mariadb';
import { guard, lifeguard, LifeguardError, lifeguardMiddleware } from '../src/index.ts';
import { PrismaClient, version, type Client } from './support/versions.ts';

const thrownBy = (task: () => unknown): LifeguardError => {
  try {
    task();
  } catch (error) {
    expect(error).to.be.instanceOf(LifeguardError);
    return error as LifeguardError;
  }
  throw new Error('it was expected to throw');
};

const adapter = (): PrismaMariaDb => new PrismaMariaDb('mariadb://localhost:1/none');

/** A driver adapter of another make. */
const foreign = (provider: string, pool?: object) => ({
  provider,
  adapterName: `adapter-for-${provider}`,
  disposed: false,
  connect() {
    return Promise.resolve({
      dispose: () => {
        this.disposed = true;
        return Promise.resolve();
      },
      ...(pool && { underlyingDriver: () => pool }),
    });
  },
});

describe('what cannot be guarded', () => {
  const pool = createPool({ host: 'localhost', port: 1, initializationTimeout: 1 });
  after(() => pool.end());

  const things: Readonly<Record<string, unknown>> = {
    null: null,
    undefined,
    'a text': 'mysql://localhost',
    'an object': {},
    'the class itself': PrismaMariaDb,
    'a pool of mariadb': pool,
  };

  for (const [name, thing] of Object.entries(things)) {
    it(`${name}: refused with a word on what is allowed`, () => {
      const error = thrownBy(() => guard(thing as object));
      expect(error.code).to.equal('LIFEGUARD_UNSUPPORTED');
      expect(error.message).to.match(/not a driver adapter.*allowed: what `new PrismaMariaDb/s);
    });

    it(`${name}: refused as a client`, () => {
      const error = thrownBy(() => lifeguard()(thing));
      expect(error.code).to.equal('LIFEGUARD_UNSUPPORTED');
      expect(error.message).to.match(/not a Prisma client.*guard\(new PrismaMariaDb/s);
    });
  }

  it('a driver adapter for another database: refused, and left as it is', () => {
    const other = foreign('postgres');
    const before = Reflect.ownKeys(other);
    const error = thrownBy(() => guard(other));
    expect(error.message).to.match(/"adapter-for-postgres" is a driver adapter for postgres/);
    expect(Reflect.ownKeys(other)).to.deep.equal(before);
  });

  it('a client without a driver adapter: refused, with a word on why and what to do', () => {
    const client = { _engineConfig: {}, _engine: { start: () => Promise.resolve() } };
    for (const task of [() => lifeguard()(client), () => lifeguardMiddleware(client)]) {
      const error = thrownBy(task);
      expect(error.code).to.equal('LIFEGUARD_UNSUPPORTED');
      expect(error.message).to.match(/inside the query engine.*cannot be protected/s);
      expect(error.message).to.match(/new PrismaClient\(\{ adapter: new PrismaMariaDb/);
    }
  });

  if (version === '7') {
    it('a client behind Accelerate: refused, and left as it is', () => {
      const client = new PrismaClient({ accelerateUrl: 'prisma://localhost/?api_key=none' });
      const before = Reflect.ownKeys(client);
      const error = thrownBy(() => client.$extends(lifeguard()));
      expect(error.message).to.match(/behind Accelerate.*cannot be protected/s);
      expect(Reflect.ownKeys(client)).to.deep.equal(before);
    });
  }

  for (const [what, driver] of [
    ['no pool', undefined],
    ['a pool of another driver', {}],
  ] as const) {
    it(`a driver adapter that shows ${what}: refused when it connects, and closed`, async () => {
      const other = guard(foreign('mysql', driver));
      const error = await failureOf(other.connect());
      expect(error).to.have.property('code', 'LIFEGUARD_UNSUPPORTED');
      expect(other.disposed).to.equal(true);
    });
  }
});

describe('options that cannot be used', () => {
  const nonsense: readonly (readonly [options: object, naming: RegExp])[] = [
    [{ maxLifetme: 1 }, /Unknown option "maxLifetme".*Allowed: maxLifetime/s],
    [{ maxLifetime: 'soon' }, /"maxLifetime" is "soon"; allowed/],
    [{ enabled: 'yes' }, /"enabled" is "yes"; allowed: true, false or "observe"/],
  ];

  const ways: Readonly<Record<string, (options: object) => unknown>> = {
    'guard()': (options) => guard(adapter(), options),
    '$extends()': (options) => client().$extends(lifeguard(options)),
    'lifeguardMiddleware()': (options) => lifeguardMiddleware(options),
    'lifeguardMiddleware(), with its client': (options) => lifeguardMiddleware(client(), options),
  };

  const client = (): Client => new PrismaClient({ adapter: adapter() });

  for (const [way, task] of Object.entries(ways)) {
    for (const [options, naming] of nonsense) {
      it(`${JSON.stringify(options)}: named by ${way}`, () => {
        const error = thrownBy(() => task(options));
        expect(error.code).to.equal('LIFEGUARD_INVALID_OPTION');
        expect(error.message).to.match(naming);
      });
    }
  }
});
