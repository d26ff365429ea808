import { failureOf } from '@pool-lifeguard/testkit';
import { guard, LifeguardError } from '@pool-lifeguard/typeorm';
import { expect } from 'chai';
import { createPool } from 'mysql2';
import { DataSource, type DataSourceOptions } from 'typeorm';

/** Stands in for the packages of other databases, which are only there to be constructed with. */
class Stand {
  readonly pool = undefined;
}

const driver = { Database: Stand, Pool: Stand };

const others: Readonly<Record<string, object>> = {
  postgres: { type: 'postgres', driver },
  'better-sqlite3': { type: 'better-sqlite3', database: ':memory:', driver },
  'aurora-mysql': {
    type: 'aurora-mysql',
    database: 'a',
    secretArn: 's',
    resourceArn: 'r',
    region: 'e',
    driver: Stand,
  },
};

const mysql = (extra?: object): DataSource =>
  new DataSource({ type: 'mysql', ...(extra && { extra }) });

const thrownBy = (task: () => unknown): LifeguardError => {
  try {
    task();
  } catch (error) {
    expect(error).to.be.instanceOf(LifeguardError);
    return error as LifeguardError;
  }
  throw new Error('it was expected to throw');
};

describe('what cannot be guarded', () => {
  for (const [type, options] of Object.entries(others)) {
    it(`a data source of ${type}: refused, and left as it is`, () => {
      const dataSource = new DataSource(options as DataSourceOptions);
      const before = Reflect.ownKeys(dataSource.driver);
      const error = thrownBy(() => guard(dataSource));
      expect(error.code).to.equal('LIFEGUARD_UNSUPPORTED');
      expect(error.message).to.match(/another database.*"mysql" or "mariadb"/s);
      expect(Reflect.ownKeys(dataSource.driver)).to.deep.equal(before);
    });
  }

  const pool = createPool({});
  after(() => pool.end());

  const things: Readonly<Record<string, unknown>> = {
    null: null,
    undefined,
    'a text': 'mysql://localhost',
    'a number': 3306,
    'an object': {},
    'the options': { type: 'mysql', host: 'localhost' },
    'the class itself': DataSource,
    'its driver': mysql().driver,
    'its manager': mysql().manager,
    'a pool of mysql2': pool,
  };

  for (const [name, thing] of Object.entries(things)) {
    it(`${name}: refused with a word on what is allowed`, () => {
      const error = thrownBy(() => guard(thing as object));
      expect(error.code).to.equal('LIFEGUARD_UNSUPPORTED');
      expect(error.message).to.match(/not a DataSource.*allowed: a DataSource of TypeORM/s);
    });
  }
});

/** A pool of another make, such as that of the older package `mysql`. */
const foreign = {
  createPool() {
    const rows = [{ version: '8.0.0', 'version()': '8.0.0' }];
    const connection = {
      release() {},
      listeners: () => [() => {}],
      promise: () => ({ query: () => Promise.resolve([rows]) }),
      query: (...[, , done]: [string, unknown, (error: null, rows: object[]) => void]) =>
        done(null, rows),
    };
    return {
      getConnection: (done: (error: null, lent: object) => void) => done(null, connection),
      end: (done: () => void) => done(),
    };
  },
};

describe('a data source on another driver than mysql2', () => {
  const open = (): DataSource => new DataSource({ type: 'mysql', database: 'a', driver: foreign });

  it('works without the guard', async () => {
    const dataSource = await open().initialize();
    expect(await dataSource.query('SELECT 1')).to.have.length(1);
  });

  it('is refused by guard() after initialize()', async () => {
    const dataSource = await open().initialize();
    const error = thrownBy(() => guard(dataSource));
    expect(error.code).to.equal('LIFEGUARD_UNSUPPORTED');
    expect(error.message).to.match(/not a pool of mysql2/);
    expect(await dataSource.query('SELECT 1')).to.have.length(1);
  });

  it('is refused by initialize() after guard()', async () => {
    const dataSource = open();
    guard(dataSource);
    const error = await failureOf(dataSource.initialize());
    expect(error).to.have.property('code', 'LIFEGUARD_UNSUPPORTED');
    expect(error.message).to.match(/not a pool of mysql2/);
  });
});

describe('options that cannot be used', () => {
  const nonsense: readonly (readonly [options: object, naming: RegExp])[] = [
    [{ maxLifetme: 1 }, /Unknown option "maxLifetme".*Allowed: maxLifetime/s],
    [{ maxlifetime: 1 }, /did you mean "maxLifetime"/],
    [{ maxLifetime: 'soon' }, /"maxLifetime" is "soon"; allowed/],
    [{ pingAfter: -1 }, /"pingAfter" is -1; allowed/],
    [{ enabled: 'yes' }, /"enabled" is "yes"; allowed: true, false or "observe"/],
    [{ on: { verdict: 1 } }, /"on" is/],
  ];

  for (const [options, naming] of nonsense) {
    it(`${JSON.stringify(options)}: named by guard()`, () => {
      const dataSource = mysql();
      const before = Reflect.ownKeys(dataSource.driver);
      const error = thrownBy(() => guard(dataSource, options));
      expect(error.code).to.equal('LIFEGUARD_INVALID_OPTION');
      expect(error.message).to.match(naming);
      expect(Reflect.ownKeys(dataSource.driver)).to.deep.equal(before);
    });

    it(`${JSON.stringify(options)} in extra.lifeguard: named by initialize()`, async () => {
      const error = await failureOf(mysql({ lifeguard: options }).initialize());
      expect(error).to.have.property('code', 'LIFEGUARD_INVALID_OPTION');
      expect(error.message).to.match(naming);
    });
  }

  for (const flag of ['yes', 1, 0, null, [], Symbol('flag'), () => true]) {
    it(`extra.lifeguard: ${String(flag) || '[]'}: named by guard() and initialize()`, async () => {
      const dataSource = mysql({ lifeguard: flag });
      for (const error of [
        thrownBy(() => guard(dataSource)),
        await failureOf(dataSource.initialize()),
      ]) {
        expect(error).to.have.property('code', 'LIFEGUARD_INVALID_OPTION');
        expect(error.message).to.match(/allowed: (true, false or )?an object/);
      }
    });
  }
});
