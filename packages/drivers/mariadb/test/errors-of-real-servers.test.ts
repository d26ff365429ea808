import {
  eachServer,
  failureOf,
  startProxy,
  startRefuser,
  unconnectable,
  type FaultProxy,
  type Flavour,
} from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createConnection, createPool, type Connection, type PoolConfig } from 'mariadb';
import { fateOf, guard } from '../src/index.ts';
import { heedless } from './subjects/mariadb-options.ts';
import type { Lease } from './support/cores.ts';
import { drop, loginOf } from './support/same.ts';
import { during, expectMeaning, SLEEP, type Meaning, type Scene } from './support/scene.ts';

/** How an error is made, and what it must mean. */
interface Case {
  readonly title: string;
  readonly says: Readonly<Record<string, unknown>>;
  readonly means: Meaning;
  readonly on?: Flavour;
  /** Set before the connections are opened, which do not lead through the proxy then. */
  readonly globals?: Readonly<Record<string, number>>;
  readonly options?: PoolConfig;
  /** Fails with the error. */
  make(scene: Scene): Promise<unknown>;
}

const ITS_STATEMENT: Meaning = { scope: 'statement', executed: undefined, left: 2 };
const itsConnection = (executed: 'no' | 'unknown', left = 1): Meaning => {
  return { scope: 'connection', executed, left };
};
const allOfThem = (executed: 'no' | 'unknown'): Meaning => {
  return { scope: 'generation', executed, left: 0 };
};

const thrown = async (error: Promise<Error>): Promise<never> => {
  throw await error;
};

const kill = ({ server, lent }: Scene, what: '' | 'QUERY'): Promise<unknown> =>
  server.query(`KILL ${what} ${lent.core.threadId}`);

/** What no proxy can bring about: the kernel gave up, or a router answered. */
const breakSocket = ({ core }: Lease, code: string): void => {
  const error = Object.assign(new Error(`read ${code}`), { code, syscall: 'read' });
  core.socket?.destroy(error);
};

/** Sends what no client would. */
const sendRaw = ({ core }: Lease, bytes: readonly number[]): void => {
  core.socket?.write(Buffer.from(bytes));
};

const LOST = { errno: 45009 };

const CASES: readonly Case[] = [
  {
    title: 'a statement is killed',
    says: { errno: 1317 },
    means: ITS_STATEMENT,
    make: (scene) => thrown(during(scene, () => kill(scene, 'QUERY'))),
  },
  {
    title: 'a connection is killed while its statement runs',
    says: LOST,
    means: itsConnection('unknown'),
    make: (scene) => thrown(during(scene, () => kill(scene, ''))),
  },
  {
    title: 'a statement takes longer than its hint allows',
    on: 'mysql',
    says: { errno: 3024 },
    means: ITS_STATEMENT,
    make: ({ lent }) =>
      lent.wrapper.query(SLEEP.replace('SELECT', 'SELECT /*+ MAX_EXECUTION_TIME(50) */')),
  },
  {
    title: 'a statement takes longer than it may',
    on: 'mariadb',
    says: { errno: 1969 },
    means: ITS_STATEMENT,
    make: ({ lent }) => lent.wrapper.query(`SET STATEMENT max_statement_time = 0.05 FOR ${SLEEP}`),
  },
  {
    title: 'a packet is too large',
    globals: { max_allowed_packet: 1024 },
    says: { errno: 1153 },
    means: itsConnection('unknown'),
    // Up to its net_buffer_length a server takes all.
    make: ({ lent }) => lent.wrapper.query(`SELECT '${'x'.repeat(20_000)}'`),
  },
  {
    title: 'a packet is out of order',
    says: { errno: 1156 },
    means: itsConnection('unknown'),
    make({ lent }) {
      sendRaw(lent, [1, 0, 0, 7, 0x0e]);
      return lent.wrapper.query('DO 1');
    },
  },
  {
    title: 'its own transaction is read-only',
    says: { errno: 1792 },
    means: ITS_STATEMENT,
    async make({ lent, database }) {
      await lent.wrapper.query('START TRANSACTION READ ONLY');
      return lent.wrapper.query(`INSERT INTO ${database}.t VALUES (1)`);
    },
  },
  {
    title: 'a trigger follows one that does not exist',
    on: 'mariadb',
    says: { errno: 4031 },
    means: ITS_STATEMENT,
    make: ({ lent, database }) =>
      lent.wrapper.query(
        `CREATE TRIGGER ${database}.a BEFORE INSERT ON ${database}.t ` +
          'FOR EACH ROW FOLLOWS b SET @a = 1',
      ),
  },
  {
    title: 'a session was idle for too long',
    on: 'mysql',
    globals: { wait_timeout: 1 },
    says: { errno: 4031 },
    means: itsConnection('no', 0),
    make({ lent }) {
      // The server's clock has a grain of a second.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_500);
      return lent.wrapper.query('DO 1');
    },
  },
  ...['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'].map((code): Case => ({
    title: 'the network gives a connection up while its statement runs',
    says: { code, syscall: 'read' },
    means: itsConnection('unknown'),
    make: (scene) => thrown(during(scene, () => breakSocket(scene.lent, code))),
  })),
  {
    title: 'a read is reset',
    says: { code: 'ECONNRESET', syscall: 'read' },
    means: itsConnection('unknown', 0),
    make: (scene) => thrown(during(scene, () => scene.proxy.reset())),
  },
  {
    title: 'the other side hangs up while a statement runs',
    says: LOST,
    means: itsConnection('unknown', 0),
    make: (scene) => thrown(during(scene, () => scene.proxy.close())),
  },
  {
    title: 'a connection is reset in the moment of the write',
    says: { code: 'ECONNRESET', syscall: 'write' },
    means: itsConnection('no', 0),
    make({ proxy, lent }) {
      proxy.reset();
      return lent.wrapper.query('DO 1');
    },
  },
  {
    title: 'a write meets a connection that the other side had closed',
    globals: {},
    says: { code: 'EPIPE', syscall: 'write' },
    means: itsConnection('no'),
    async make({ server, lent }) {
      // So that only writes can tell.
      (lent.core.socket as unknown as { _handle: { readStop(): void } })._handle.readStop();
      await server.kill(Number(lent.core.threadId));
      // The kernel takes this one, and is told then that nobody is there any more.
      sendRaw(lent, [1, 0, 0, 0, 0x0e]);
      return lent.wrapper.query('DO 1');
    },
  },
  {
    title: "a statement is sent on a closed connection, which is nobody's any more",
    says: { errno: 45013 },
    means: { ...itsConnection('no', 0), executed: undefined },
    async make({ proxy, lent }) {
      proxy.reset();
      await failureOf(lent.wrapper.query('DO 1'));
      return lent.wrapper.query('DO 1');
    },
  },
  {
    title: 'the client stops waiting',
    options: { socketTimeout: 300 },
    says: { errno: 45026 },
    means: itsConnection('unknown'),
    make: ({ lent }) => lent.wrapper.query(SLEEP),
  },
  {
    title: 'the application destroys a connection while its statement runs',
    says: { errno: 45004 },
    means: itsConnection('unknown'),
    make: (scene) => thrown(during(scene, () => scene.lent.wrapper.destroy())),
  },
  {
    title: 'nobody answers a ping of the application, and the driver closes the connection',
    says: { errno: 45042 },
    means: { ...ITS_STATEMENT, left: 1 },
    make({ proxy, lent }) {
      proxy.blackhole(lent.core.socket?.localPort ?? 'existing');
      return (lent.wrapper as unknown as { ping(ms: number): Promise<void> }).ping(100);
    },
  },
];

describe('the meaning of an error that a real server or socket makes', () => {
  eachServer((server, flavour) => {
    let proxy: FaultProxy;
    let database: string;
    beforeEach(async () => {
      proxy = await startProxy(server());
      database = await server().createDatabase();
      await server().query(`CREATE TABLE ${database}.t (n INT)`);
    });
    afterEach(async () => {
      await proxy.stop();
      await server().restoreGlobals();
      await server().dropDatabase(database);
    });

    for (const { title, says, means, on = flavour, globals, options, make } of CASES) {
      if (on !== flavour) continue;
      it(`${title}: ${JSON.stringify(says)}`, async function () {
        this.timeout(20_000);
        for (const [name, value] of Object.entries(globals ?? {})) {
          await server().setGlobal(name, value);
        }
        const straight = globals && { port: server().port };
        const place = { server: server(), proxy, database, options: { ...options, ...straight } };
        await expectMeaning(place, make, says, means);
      });
    }
  });
});

describe('the meaning of an error that a server of its own makes', () => {
  const own = { 'secure-file-priv': '/usr', 'max-user-connections': 100 };
  eachServer(
    (server, flavour) => {
      let proxy: FaultProxy;
      beforeEach(async () => (proxy = await startProxy(server())));
      afterEach(() => proxy.stop());
      const place = () => ({ server: server(), proxy, database: 'mysql' });

      it('it writes no file there, which is no failover: 1290', async () => {
        const write = "SELECT 1 INTO OUTFILE '/nowhere/x'";
        const make = ({ lent }: Scene): Promise<unknown> => lent.wrapper.query(write);
        await expectMeaning(place(), make, { errno: 1290 }, ITS_STATEMENT);
      });

      it('it is read-only: 1290', async () => {
        await server().query('CREATE DATABASE readonly');
        await server().query('CREATE TABLE readonly.t (n INT)');
        await server().query(`CREATE USER writer@'%' IDENTIFIED BY 'w'`);
        await server().query(`GRANT INSERT ON readonly.* TO writer@'%'`);
        const options = { user: 'writer', password: 'w' };
        const make = async ({ lent }: Scene): Promise<unknown> => {
          await server().setGlobal('read_only', 1);
          return lent.wrapper.query('INSERT INTO readonly.t VALUES (1)');
        };
        await expectMeaning({ ...place(), options }, make, { errno: 1290 }, allOfThem('no'));
        await server().restoreGlobals();
      });

      it('the user has as many connections as he may, until one is free: 1203', async () => {
        await server().query(`CREATE USER one@'%' IDENTIFIED BY 'w'`);
        await server().setGlobal('max_user_connections', 1);
        const login = { ...loginOf(server()), user: 'one', password: 'w' };
        const [first] = await occupy(login, 1);
        await expectPatience(login, { errno: 1203 }, () => first?.destroy());
        await server().restoreGlobals();
      });

      it(`it shuts down: ${flavour === 'mysql' ? 1053 : 'it only hangs up'}`, async () => {
        const make = (scene: Scene): Promise<never> => thrown(during(scene, () => server().down()));
        const [says, means] =
          flavour === 'mysql'
            ? [{ errno: 1053 }, allOfThem('unknown')]
            : [LOST, itsConnection('unknown', 0)];
        await expectMeaning(place(), make, says, means);
      });
    },
    { globals: own, needs: ['restart'] },
  );

  eachServer(
    (server) => {
      it('its storage engine is read-only: 1836', async () => {
        const proxy = await startProxy(server());
        const make = ({ lent }: Scene): Promise<unknown> =>
          lent.wrapper.query('CREATE DATABASE more');
        const place = { server: server(), proxy, database: 'mysql' };
        await expectMeaning(place, make, { errno: 1836 }, allOfThem('no'));
        await proxy.stop();
      });
    },
    { globals: { 'innodb-read-only': 1 }, flavours: ['mysql'] },
  );
});

/** Takes connections until there are no more. */
async function occupy(login: PoolConfig, most: number): Promise<Connection[]> {
  const taken: Connection[] = [];
  while (taken.length < most) {
    try {
      taken.push(await createConnection(login));
    } catch {
      break;
    }
  }
  return taken;
}

/** A borrower is not told, and is served once it is healed. */
async function expectPatience(login: PoolConfig, says: object, heal: () => unknown): Promise<void> {
  const pool = createPool({ ...login, connectionLimit: 1, minimumIdle: 0 });
  heedless(pool);
  try {
    const handle = guard(pool);
    const failed = new Promise<Error>((resolve) => {
      handle.on('openFailed', ({ error }) => resolve(error));
    });
    const asked = pool.query('DO 1');
    expect(await failed).to.include(says);
    await heal();
    await asked;
    expect(handle.stats().closed).to.deep.equal({});
  } finally {
    drop(pool);
  }
}

/** A borrower is told at once. */
async function expectRefusal(login: PoolConfig, says: object): Promise<void> {
  const pool = createPool({ ...login, connectionLimit: 1, minimumIdle: 0 });
  heedless(pool);
  try {
    const handle = guard(pool);
    const error = await failureOf(pool.query('DO 1'));
    expect(error).to.include(says);
    expect(fateOf(error)).to.equal(undefined);
    expect(handle.stats()).to.include({ openFailures: 1 });
  } finally {
    drop(pool);
  }
}

describe('the meaning of an error that a dial ends with', () => {
  eachServer((server, flavour) => {
    const USER = 'lifeguard_dials';
    const login = () => ({ ...loginOf(server()), user: USER, password: 'w' });
    let proxy: FaultProxy;
    beforeEach(async () => {
      proxy = await startProxy(server());
      await server().query(`CREATE USER ${USER}@'%' IDENTIFIED BY 'w'`);
    });
    afterEach(async () => {
      await proxy.stop();
      await server().restoreGlobals();
      await server().query(`DROP USER ${USER}@'%'`);
    });

    for (const code of ['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET']) {
      it(`is no last word: ${code}`, async () => {
        const { connect, heal } = unconnectable(code, server().port);
        const stream: PoolConfig['stream'] = (opened) => opened(undefined, connect());
        await expectPatience({ ...login(), stream }, { code }, heal);
      });
    }

    it('is no last word: ECONNREFUSED', async () => {
      await proxy.refuse();
      const says = { code: 'ECONNREFUSED', syscall: 'connect' };
      await expectPatience({ ...login(), port: proxy.port }, says, () => proxy.pass());
    });

    it('is no last word: 45012, nobody greets', async () => {
      proxy.blackhole('new');
      const options = { ...login(), port: proxy.port, connectTimeout: 200 };
      const heal = async (): Promise<void> => {
        await proxy.pass();
      };
      await expectPatience(options, { errno: 45012 }, heal);
    });

    it('is no last word: 1040, too many connections', async () => {
      await server().setGlobal('max_connections', 10);
      const taken = await occupy(login(), 20);
      const heal = (): void => {
        for (const connection of taken) connection.destroy();
      };
      await expectPatience(login(), { errno: 1040 }, heal);
    });

    it('is no last word: 1226, as many as the account may have', async () => {
      await server().query(`ALTER USER ${USER}@'%' WITH MAX_USER_CONNECTIONS 1`);
      const [first] = await occupy(login(), 1);
      await expectPatience(login(), { errno: 1226 }, () => first?.destroy());
    });

    it('is no last word: 2003, a proxy does not reach its server', async () => {
      const refuser = await startRefuser(2003, "Can't connect to MySQL server");
      proxy.upstream(refuser.options);
      const heal = (): void => proxy.upstream(server());
      await expectPatience({ ...login(), port: proxy.port }, { errno: 2003 }, heal);
      await refuser.stop();
    });

    it('is no last word: 45028, all are lent', async () => {
      const pool = createPool({ ...login(), connectionLimit: 1, acquireTimeout: 300 });
      heedless(pool);
      const handle = guard(pool);
      const lent = await pool.getConnection();
      const error = await failureOf(pool.query('DO 1'));
      expect(error).to.include({ errno: 45028 });
      expect(fateOf(error)).to.equal(undefined);
      await lent.release();
      await pool.query('DO 1');
      expect(handle.stats().closed).to.deep.equal({});
      drop(pool);
    });

    const lockedErrno = { mysql: 3118, mariadb: 4151 }[flavour];
    it(`is the last word: ${lockedErrno}, the account is locked`, async () => {
      await server().query(`ALTER USER ${USER}@'%' ACCOUNT LOCK`);
      await expectRefusal(login(), { errno: lockedErrno });
    });

    // Servers do not say these to who comes from their own machine, or knows what is asked.
    for (const errno of [1129, 1130, 1251]) {
      it(`is the last word: ${errno}`, async () => {
        const refuser = await startRefuser(errno, 'You may not come in');
        await expectRefusal(refuser.options, { errno });
        expect(refuser.count()).to.equal(1);
        await refuser.stop();
      });
    }
  });
});
