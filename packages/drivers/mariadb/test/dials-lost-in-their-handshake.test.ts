import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { eachServer, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mariadb';
import { guard } from '../src/index.ts';
import { heedless } from './subjects/mariadb-options.ts';
import { drop, loginOf } from './support/same.ts';

describe('a connection that the pool opens by itself, and that is closed in its TLS handshake', () => {
  eachServer((server) => {
    let door: Server;
    let dials: number;
    let pool: Pool;
    let uncaught: Error[];
    let listeners: NodeJS.UncaughtExceptionListener[];
    const note = (error: Error): void => void uncaught.push(error);

    /** The first dial meets nobody, before there is a guard; the second one loses him half-way. */
    function meet(client: Socket): void {
      dials += 1;
      client.on('error', () => {});
      if (dials === 1) return void client.destroy();
      const real = connect(server().port, server().host).on('error', () => {});
      client.on('close', () => real.destroy());
      if (dials > 2) return void client.pipe(real).pipe(client);
      real.once('data', (greeting) => client.write(greeting));
      client.once('data', () => client.end());
    }

    beforeEach(async () => {
      dials = 0;
      door = createServer(meet).listen(0, '127.0.0.1');
      await once(door, 'listening');
      uncaught = [];
      listeners = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException').on('uncaughtException', note);
      const { port } = door.address() as AddressInfo;
      const ssl = { ca: server().ca ?? '' };
      pool = createPool({ ...loginOf(server()), port, ssl, connectionLimit: 1, minimumIdle: 1 });
      heedless(pool);
    });
    afterEach(() => {
      process.removeListener('uncaughtException', note);
      for (const listener of listeners) process.on('uncaughtException', listener);
      drop(pool);
      door.close();
    });

    it('ends the process, bare', async () => {
      await waitUntil(() => uncaught.length > 0, { what: 'what nobody catches' });
      expect(uncaught[0]?.message).to.include('before secure TLS connection was established');
    });

    it('is opened again, guarded', async () => {
      guard(pool);
      await waitUntil(() => dials > 2, { what: 'the third dial' });
      expect(await pool.query('SELECT 1 AS one')).to.have.deep.members([{ one: 1 }]);
      expect(uncaught.map(String)).to.deep.equal([]);
    });
  });
});
