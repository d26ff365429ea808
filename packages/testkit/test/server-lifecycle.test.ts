import { connect } from 'node:net';
import { dirname } from 'node:path';
import { expect } from 'chai';
import { eachServer, spawnChild, waitUntil, failureOf } from '../src/index.ts';
import type { EachServerOptions } from '../src/index.ts';
import { isPresent } from '../src/tools/cache-folder.ts';
import { ask, closeClients, endingOf, isPending, openClient, socketOf } from './support.ts';

const OWNER = new URL('fixtures/server-owner.ts', import.meta.url);

const refusesConnections = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });

describe('a private server', function () {
  this.timeout(60_000);
  afterEach(closeClients);

  const options: EachServerOptions = {
    private: true,
    needs: ['restart', 'freeze'],
    waitTimeout: 77,
    globals: { max_connections: 66 },
  };

  eachServer((server, flavour) => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      it(`keeps port, data and settings across a restart by ${signal}`, async () => {
        const db = await server().createDatabase();
        await server().query('CREATE TABLE ??.t AS SELECT 5 AS five', [db]);
        const client = await openClient({ uri: server().url() });
        const ending = endingOf(socketOf(client));
        await server().restart({ signal });
        await ending;
        expect(await server().query('SELECT * FROM ??.t', [db])).to.deep.equal([{ five: 5 }]);
        const again = await openClient({ uri: server().url() });
        const settings = 'SELECT @@wait_timeout AS wait, @@max_connections AS max';
        expect(await ask(again, settings)).to.deep.equal([{ wait: 77, max: 66 }]);
      });
    }

    it('can be left down for a while', async () => {
      await server().down();
      expect(await refusesConnections(server().port)).to.equal(true);
      await server().up();
      expect(await server().query('SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    });

    it('stays down for as long as a restart is told', async () => {
      const start = performance.now();
      await server().restart({ signal: 'SIGKILL', downForMs: 300 });
      expect(performance.now() - start).to.be.above(300);
    });

    it('answers nobody while it is frozen, and everybody afterwards', async () => {
      const client = await openClient({ uri: server().url() });
      await server().freeze();
      const answer = ask(client, 'SELECT 1 AS one');
      const dialing = openClient({ uri: server().url() });
      await new Promise((resolve) => socketOf(client).write('', resolve));
      expect(await isPending(answer)).to.equal(true);
      expect(await isPending(dialing)).to.equal(true);
      await server().thaw();
      expect(await answer).to.deep.equal([{ one: 1 }]);
      await dialing;
    });

    it('can be ended while it is frozen', async () => {
      await server().freeze();
      await server().restart({ signal: 'SIGKILL' });
      expect(await server().query('SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    });

    for (const end of ['killed', 'ended without a goodbye'] as const) {
      it(`does not outlive a process that was ${end}`, async () => {
        const owner = await spawnChild(OWNER);
        const { port, socketPath } = await owner.call<{ port: number; socketPath: string }>(
          'start',
          flavour,
        );
        expect(await refusesConnections(port)).to.equal(false);
        if (end === 'killed') await owner.kill();
        else await failureOf(owner.call('exit'));
        await waitUntil(() => refusesConnections(port), { what: 'the end of the server' });
        const folder = dirname(socketPath);
        await waitUntil(async () => !(await isPresent(folder)), { what: 'a clean disk' });
      });
    }
  }, options);
});
