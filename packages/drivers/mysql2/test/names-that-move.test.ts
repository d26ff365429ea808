import { eachServer } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mysql2';
import { once } from 'node:events';
import {
  connect,
  createServer,
  type AddressInfo,
  type LookupFunction,
  type Server,
} from 'node:net';
import { guard } from '../src/index.ts';
import { ask, borrow, borrowAll, within } from './support/calls.ts';
import { drop } from './support/same.ts';

const OLD = '127.0.0.2';
const NEW = '127.0.0.3';

describe('a host name that leads to another address', () => {
  eachServer((server) => {
    let relays: Server[];
    let address: string;
    let pool: Pool;

    /** Passes on to the server whatever comes to an address. */
    const relay = async (host: string, port: number): Promise<Server> => {
      const to = server().connectionOptions();
      const listening = createServer((socket) => {
        const upstream = connect({ host: to.host, port: to.port });
        for (const each of [socket, upstream]) each.on('error', () => undefined);
        socket.pipe(upstream).pipe(socket);
      });
      listening.listen(port, host);
      await once(listening, 'listening');
      return listening;
    };

    beforeEach(async () => {
      const first = await relay(OLD, 0);
      const { port } = first.address() as AddressInfo;
      relays = [first, await relay(NEW, port)];
      address = OLD;
      const lookup: LookupFunction = (_name, _options, found) => {
        setImmediate(() => found(null, [{ address, family: 4 }]));
      };
      const stream = (): unknown => connect({ host: 'writer.example', port, lookup });
      pool = createPool({ ...server().connectionOptions(), stream, connectionLimit: 3 });
    });
    afterEach(() => {
      drop(pool);
      for (const each of relays) each.close();
    });

    const addresses = async (): Promise<unknown[]> => {
      const connections = await borrowAll(pool, 3);
      for (const connection of connections) {
        await ask(connection, 'DO 1');
        connection.release();
      }
      return connections.map((connection) => within(connection).stream.remoteAddress);
    };

    it('has older connections stay where they are, bare', async () => {
      for (const connection of await borrowAll(pool, 2)) connection.release();
      address = NEW;
      expect(await addresses()).to.deep.equal([OLD, OLD, NEW]);
      expect(await addresses()).to.have.members([OLD, OLD, NEW]);
    });

    it('is followed by all of them guarded, once one dial has told', async () => {
      const handle = guard(pool);
      const held = await borrow(pool);
      for (const connection of await borrowAll(pool, 1)) connection.release();
      address = NEW;
      const [second, third] = await borrowAll(pool, 2);
      held.release();
      second?.release();
      third?.release();
      expect(await addresses()).to.deep.equal([NEW, NEW, NEW]);
      expect(handle.stats().closed).to.deep.equal({ generation: 2 });
    });
  });
});
