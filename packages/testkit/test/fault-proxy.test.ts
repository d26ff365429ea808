import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import type { Connection } from 'mysql2';
import { eachServer, freePort, startProxy, waitUntil, failureOf } from '../src/index.ts';
import type { FaultProxy } from '../src/index.ts';
import { ask, closeClients, endingOf, isPending, openClient, socketOf } from './support.ts';

/** How much of what a client has sent has reached the proxy. */
function sentBytes(proxy: FaultProxy, client: Connection): number | undefined {
  const port = socketOf(client).localPort;
  return proxy.connections().find(({ clientPort }) => clientPort === port)?.bytesFromClient;
}

/** Queries without a pause, until one fails. */
async function pump(client: Connection): Promise<never> {
  for (;;) await ask(client, "SELECT REPEAT('x', 100000) AS text");
}

const hash = (text: unknown): string => createHash('sha256').update(String(text)).digest('hex');

describe('a fault proxy', () => {
  let proxy: FaultProxy;
  afterEach(closeClients);

  eachServer((server) => {
    const login = () =>
      openClient({ ...server().connectionOptions(), host: proxy.host, port: proxy.port });

    const roundTrip = async () => ask(await login(), 'SELECT 1 AS one');

    beforeEach(async () => (proxy = await startProxy(server())));
    afterEach(() => proxy.stop());

    it('passes queries on and knows both ends of a connection', async () => {
      const client = await login();
      expect(await ask(client, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
      const [info] = proxy.connections();
      expect(info).to.deep.include({ clientPort: socketOf(client).localPort, open: true });
      expect(info?.bytesFromClient).to.be.above(0);
      expect(info?.bytesFromServer).to.equal(socketOf(client).bytesRead);
      expect(info?.upstreamPort).to.be.a('number');
      expect(info?.latest).to.equal('server');
      const rows = await server().processList();
      const row = rows.find(({ clientPort }) => clientPort === info?.upstreamPort);
      expect(row?.id).to.equal(client.threadId);
    });

    it('can lead to a unix socket', async function () {
      const { socketPath } = server();
      if (!socketPath) return this.skip();
      proxy.upstream({ socketPath });
      const client = await login();
      expect(await ask(client, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
      const failing = failureOf(ask(client, 'SELECT SLEEP(30)'));
      expect(proxy.connections()[0]?.upstreamPort).to.equal(undefined);
      proxy.reset();
      expect((await failing).code).to.equal('ECONNRESET');
    });

    it('passes on how the server ends a connection', async () => {
      const client = await login();
      const ending = endingOf(socketOf(client));
      await server().kill(client.threadId ?? 0);
      expect((await ending).how).to.equal('FIN');
    });

    it('passes on how the client ends a connection', async () => {
      const client = await login();
      const goodbye = once(socketOf(client), 'close');
      client.end();
      await goodbye;
      await waitUntil(() => proxy.connections()[0]?.open === false);
      const ports = (await server().processList()).map((row) => row.clientPort);
      expect(ports).not.to.include(proxy.connections()[0]?.upstreamPort);
    });

    it('leaves a query in a black hole unanswered and the socket open', async () => {
      const client = await login();
      const socket = socketOf(client);
      const { bytesRead } = socket;
      proxy.blackhole('existing');
      const answer = ask(client, 'SELECT 1');
      await waitUntil(() => sentBytes(proxy, client) === socket.bytesWritten);
      await roundTrip();
      expect(await isPending(answer)).to.equal(true);
      expect(socket).to.include({ bytesRead, readyState: 'open' });
    });

    it('swallows in a black hole also that the server hangs up', async () => {
      const client = await login();
      const { bytesRead } = socketOf(client);
      proxy.blackhole(socketOf(client).localPort);
      await server().kill(client.threadId ?? 0);
      await roundTrip();
      expect(socketOf(client)).to.include({ bytesRead, readyState: 'open' });
    });

    it('lets a connection through again of which a black hole swallowed nothing', async () => {
      const [idle, used] = [await login(), await login()];
      proxy.blackhole();
      const lost = ask(used, 'SELECT 1');
      await waitUntil(() => sentBytes(proxy, used) === socketOf(used).bytesWritten);
      await proxy.pass();
      expect(await ask(idle, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
      expect(await isPending(lost)).to.equal(true);
    });

    it('accepts new connections into a black hole and never tells the server', async () => {
      const client = await login();
      proxy.blackhole('new');
      const socket = connect(proxy.port, proxy.host);
      await once(socket, 'connect');
      socket.write('anybody?');
      expect(await ask(client, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
      await waitUntil(() => proxy.connections()[1]?.bytesFromClient === 8);
      expect(proxy.connections()[1]?.upstreamPort).to.equal(undefined);
      expect(socket.bytesRead).to.equal(0);
      socket.destroy();
    });

    it('forgets a connection: nothing happens until the client writes, then RST', async () => {
      const client = await login();
      proxy.forget();
      await roundTrip();
      expect(socketOf(client).readyState).to.equal('open');
      const failure = await failureOf(ask(client, 'SELECT 1'));
      expect(failure.code).to.be.oneOf(['ECONNRESET', 'EPIPE']);
    });

    it('resets with RST', async () => {
      const ending = endingOf(socketOf(await login()));
      proxy.reset();
      expect((await ending).how).to.equal('RST');
    });

    it('closes with FIN', async () => {
      const ending = endingOf(socketOf(await login()));
      proxy.close();
      expect((await ending).how).to.equal('FIN');
    });

    it('cuts the one connection that was meant', async () => {
      const [spared, meant] = [await login(), await login()];
      const ending = endingOf(socketOf(meant));
      proxy.reset(socketOf(meant).localPort);
      await ending;
      expect(await ask(spared, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    });

    it('refuses new connections, keeps the others, and listens again on its port', async () => {
      const client = await login();
      await proxy.refuse();
      expect((await failureOf(login())).code).to.equal('ECONNREFUSED');
      expect(await ask(client, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
      await proxy.pass();
      expect(await roundTrip()).to.deep.equal([{ one: 1 }]);
    });

    it('delays both directions', async () => {
      const client = await login();
      proxy.delay(60);
      const start = performance.now();
      expect(await ask(client, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
      expect(performance.now() - start).to.be.above(119);
    });

    it('holds both directions until it passes on again', async () => {
      const client = await login();
      proxy.hold();
      const answer = ask(client, 'SELECT 1 AS one');
      await waitUntil(() => sentBytes(proxy, client) === socketOf(client).bytesWritten);
      expect(await isPending(answer)).to.equal(true);
      await proxy.pass();
      expect(await answer).to.deep.equal([{ one: 1 }]);
    });

    it('cuts a connection in the middle of what the client says', async () => {
      const client = await login();
      proxy.resetAfter('client', 10);
      expect(await failureOf(ask(client, 'SELECT 1 AS one'))).to.have.property(
        'code',
        'ECONNRESET',
      );
      expect(proxy.connections()[0]?.open).to.equal(false);
      expect(await roundTrip()).to.deep.equal([{ one: 1 }]);
    });

    it('cuts a connection in the middle of what the server says', async () => {
      const client = await login();
      const { bytesRead } = socketOf(client);
      proxy.resetAfter('server', 10);
      await failureOf(ask(client, 'SELECT 1 AS one'));
      expect(socketOf(client).bytesRead).to.equal(bytesRead + 10);
    });

    it('leads new connections elsewhere', async () => {
      const client = await login();
      const elsewhere = await startProxy(server());
      proxy.upstream(elsewhere);
      await roundTrip();
      expect(elsewhere.connections()).to.have.lengthOf(1);
      expect(await ask(client, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
      await elsewhere.stop();
    });

    it('answers with RST when nobody listens behind it', async () => {
      proxy.upstream({ host: '127.0.0.1', port: await freePort() });
      expect((await failureOf(login())).code).to.equal('ECONNRESET');
    });

    for (const delayMs of [0, 20]) {
      it(`keeps large packets whole under load, delayed by ${delayMs} ms`, async function () {
        this.timeout(60_000);
        const clients = await Promise.all(Array.from({ length: 6 }, login));
        proxy.delay(delayMs);
        const text = randomBytes(3_000_000).toString('hex');
        const digest = hash(text);
        const checks = clients.flatMap((client) => [
          ask(client, `SELECT SHA2('${text}', 256) AS digest`).then((rows) => rows[0]?.digest),
          ask(client, `SELECT '${text}' AS text`).then((rows) => hash(rows[0]?.text)),
        ]);
        const answers = await Promise.all(checks);
        expect(new Set(answers)).to.deep.equal(new Set([digest]));
      });
    }

    for (const fault of ['reset', 'close'] as const) {
      it(`survives a ${fault} in the middle of traffic`, async () => {
        const clients = await Promise.all(Array.from({ length: 8 }, login));
        const failures = clients.map((client) => failureOf(pump(client)));
        await waitUntil(() => clients.every((client) => socketOf(client).bytesRead > 1_000_000));
        proxy[fault]();
        await Promise.all(failures);
        expect(await roundTrip()).to.deep.equal([{ one: 1 }]);
      });
    }
  });
});
