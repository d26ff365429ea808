import { expect } from 'chai';
import { startProxy, type FaultProxy } from '../proxy/fault-proxy.ts';
import type { ConnectionOptions, DatabaseServer } from '../server/database-server.ts';
import { eachServer } from '../suites/each-server.ts';
import { failureOf } from '../tools/failure-of.ts';
import { waitUntil } from '../tools/wait-until.ts';

/** A cluster of a driver, used in the same way whichever that is. */
export interface FailoverCluster {
  /** Guards it, so that every connection is lent without a look. */
  guard(): { stats(): { readonly opened: number; readonly retries: number } };
  /** Runs a statement on the first node that can be reached, in their order. */
  send(sql: string): Promise<unknown>;
  end(): unknown;
}

/** Opens a cluster of these nodes, of which one that cannot be reached is soon given up. */
export type OpenCluster = (nodes: Readonly<Record<string, ConnectionOptions>>) => FailoverCluster;

const USER = 'lifeguard_cluster';
const INSERT = 'INSERT INTO notes VALUES (1)';

/** Declares what happens to a write when the writer of a cluster fails over, bare and guarded. */
export function clusterFailover(subject: string, open: OpenCluster): void {
  describe(`the writer of ${subject}`, () => {
    eachServer((server) => {
      const scene = useScene(server, open);
      declareReadOnly(server, scene);
      declareAway(scene);
    });
  });
}

/** Two nodes that lead to one table, the first one through a proxy. */
interface Scene {
  cluster(): FailoverCluster;
  proxy(): FaultProxy;
  /** How many rows there are. */
  stored(): Promise<number>;
}

function useScene(server: () => DatabaseServer, open: OpenCluster): Scene {
  let database: string;
  let cluster: FailoverCluster;
  let proxy: FaultProxy;

  beforeEach(async () => {
    database = await createNotes(server());
    proxy = await startProxy(server());
    const node = { ...server().connectionOptions(), user: USER, password: 'w', database };
    cluster = open({ MASTER: { ...node, port: proxy.port }, STANDBY: node });
  });
  afterEach(async () => {
    await server().restoreGlobals();
    await cluster.end();
    await proxy.stop();
    await server().query(`DROP USER ${USER}@'%'`);
    await server().dropDatabase(database);
  });

  const stored = async (): Promise<number> =>
    (await server().query(`SELECT n FROM ${database}.notes`)).length;
  return { cluster: () => cluster, proxy: () => proxy, stored };
}

/** A table, and a user whom a read-only server refuses. */
async function createNotes(server: DatabaseServer): Promise<string> {
  const database = await server.createDatabase('cluster');
  await server.query(`CREATE TABLE ${database}.notes (n INT)`);
  await server.query(`CREATE USER ${USER}@'%' IDENTIFIED BY 'w'`);
  await server.query(`GRANT SELECT, INSERT ON ${database}.* TO ${USER}@'%'`);
  return database;
}

function declareReadOnly(server: () => DatabaseServer, { cluster, stored }: Scene): void {
  it('refuses writes bare once it is read-only', async () => {
    await cluster().send(INSERT);
    await server().setGlobal('read_only', 1);
    expect(await failureOf(cluster().send(INSERT))).to.include({ errno: 1290 });
  });

  it('is waited for guarded while it is read-only, and the write runs once', async () => {
    const handle = cluster().guard();
    await cluster().send(INSERT);
    const { opened } = handle.stats();
    await server().setGlobal('read_only', 1);
    const writing = cluster().send(INSERT);
    await waitUntil(() => handle.stats().retries >= 2);
    await server().restoreGlobals();
    await writing;
    expect(await stored()).to.equal(2);
    expect(handle.stats().opened).to.be.above(opened);
  });
}

function declareAway({ cluster, proxy, stored }: Scene): void {
  /** It goes in the moment in which the write is sent. */
  const lose = async (): Promise<unknown> => {
    await cluster().send(INSERT);
    await proxy().refuse();
    proxy().reset();
    return cluster().send(INSERT);
  };

  it('loses the write bare as it goes away', async () => {
    expect(await failureOf(lose())).to.include({ syscall: 'write' });
    expect(await stored()).to.equal(1);
  });

  it('leaves the write to another node guarded as it goes away, where it runs once', async () => {
    const handle = cluster().guard();
    await lose();
    expect(await stored()).to.equal(2);
    expect(handle.stats().retries).to.equal(1);
  });
}
