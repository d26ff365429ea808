import { expect } from 'chai';
import { eachServer, failureOf } from '../src/index.ts';
import { RemoteServer } from '../src/server/remote-server.ts';
import { ask, closeClients, openClient, socketOf } from './support.ts';

describe('a server', () => {
  afterEach(closeClients);

  eachServer((server, flavour) => {
    const login = (database?: string) =>
      openClient({ ...server().connectionOptions(), ...(database && { database }) });

    it('is of the flavour that was asked for', async () => {
      const [row] = await server().query<{ version: string }>('SELECT VERSION() AS version');
      expect(row?.version.includes('MariaDB')).to.equal(flavour === 'mariadb');
      expect(server().version).to.include(row?.version.split('-')[0]);
    });

    it('lets root in by URL without a password', async () => {
      const client = await openClient({ uri: server().url() });
      expect(await ask(client, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    });

    it('speaks TLS that can be verified', async function () {
      const { ca, capabilities } = server();
      if (!capabilities.tls || !ca) return this.skip();
      const client = await openClient({ uri: server().url(), ssl: { ca, verifyIdentity: true } });
      const [row] = await ask<{ Value: string }>(client, "SHOW STATUS LIKE 'Ssl_cipher'");
      expect(row?.Value).to.match(/TLS|AES/);
    });

    it('listens on a unix socket', async function () {
      const { socketPath } = server();
      if (!socketPath) return this.skip();
      const client = await openClient({ socketPath, user: 'root' });
      await ask(client, 'SELECT 1');
      const row = (await server().processList()).find(({ id }) => id === client.threadId);
      expect(row?.clientPort).to.equal(undefined);
    });

    it('creates databases under new names and drops them', async () => {
      const names = [await server().createDatabase('pool'), await server().createDatabase('pool')];
      expect(new Set(names).size).to.equal(2);
      for (const name of names) await server().dropDatabase(name);
      expect(await server().query("SHOW DATABASES LIKE 'pool%'")).to.deep.equal([]);
    });

    it('tells clients by their ports and leaves out its own connection', async () => {
      const db = await server().createDatabase();
      const client = await login(db);
      const [row, ...rest] = (await server().processList()).filter((entry) => entry.db === db);
      expect(rest).to.deep.equal([]);
      expect(row).to.deep.include({
        id: client.threadId,
        user: 'root',
        host: '127.0.0.1',
        clientPort: socketOf(client).localPort,
        command: 'Sleep',
      });
      const [own] = await server().query<{ id: number }>('SELECT CONNECTION_ID() AS id');
      expect((await server().processList()).map(({ id }) => id)).not.to.include(own?.id);
      await server().dropDatabase(db);
    });

    it('shows the statement under way', async () => {
      const client = await login();
      const failure = failureOf(ask(client, 'SELECT SLEEP(30)'));
      const rows = await server().processList();
      const row = rows.find(({ info }) => info?.includes('SLEEP(30)'));
      expect(row).to.deep.include({ id: client.threadId, command: 'Query' });
      await server().kill(client.threadId ?? 0);
      await failure;
    });

    it('has forgotten a client when the kill resolves', async () => {
      const client = await login();
      const id = client.threadId ?? 0;
      await server().kill(id);
      expect((await server().processList()).map((row) => row.id)).not.to.include(id);
    });

    it('kills all clients of one database and no other', async () => {
      const [db, other] = [await server().createDatabase(), await server().createDatabase()];
      await Promise.all([login(db), login(db), login(db)]);
      const spared = await login(other);
      expect(await server().killAll({ db })).to.equal(3);
      const left = (await server().processList()).map((row) => row.db);
      expect(left).to.include(other).and.not.include(db);
      expect(await ask(spared, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    });

    it('changes globals and puts them back', async () => {
      const read = async (): Promise<unknown> =>
        (await server().query('SELECT @@GLOBAL.wait_timeout AS value'))[0]?.value;
      const before = await read();
      await server().setGlobal('wait_timeout', 7);
      await server().setGlobal('wait_timeout', 8);
      expect(await read()).to.equal(8);
      await server().restoreGlobals();
      expect(await read()).to.equal(before);
    });

    it('can be used by its URL, and is left as it was found', async () => {
      const read = async (): Promise<unknown> =>
        (await server().query('SELECT @@GLOBAL.wait_timeout AS value'))[0]?.value;
      const before = await read();
      const remote = await RemoteServer.connect(flavour, server().url(), { wait_timeout: 9 });
      expect(remote.port).to.equal(server().port);
      expect(await read()).to.equal(9);
      expect((await failureOf(remote.restart())).message).to.match(/^cannot restart the .* server/);
      await remote.stop();
      expect(await read()).to.equal(before);
    });

    it('by its URL must be of the right flavour', async () => {
      const other = flavour === 'mysql' ? 'mariadb' : 'mysql';
      const failure = await failureOf(RemoteServer.connect(other, server().url(), {}));
      expect(failure.message).to.include('must point at');
    });
  });
});
