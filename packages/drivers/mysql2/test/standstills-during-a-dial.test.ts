import { connect, type Socket } from 'node:net';
import { eachServer, failureOf } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { createPool, type Pool } from 'mysql2';
import { guard } from '../src/index.ts';
import { ask, askOne } from './support/calls.ts';
import { drop } from './support/same.ts';

/** Seconds; the server's clock has a grain of one, so it may let two of them pass. */
const WAIT_TIMEOUT = 1;
const STANDSTILL_MS = 2_500;

describe('a process that stands still while a dial is under way', () => {
  eachServer(
    (server) => {
      let pool: Pool;
      afterEach(() => drop(pool));

      /** The server welcomes the client, waits in vain, and hangs up: all that is read at once. */
      function make(): Pool {
        const { host, port } = server().connectionOptions();
        let first = true;
        pool = createPool({
          ...server().connectionOptions(),
          stream: () => {
            const socket = connect(port, host);
            if (first) standStillAfterLogin(socket);
            first = false;
            return socket;
          },
        });
        return pool;
      }

      it('gets a dead connection bare', async () => {
        const error = await failureOf(ask(make(), 'SELECT 1'));
        expect(error.code).to.be.oneOf([
          'ECONNRESET',
          'EPIPE',
          'PROTOCOL_CONNECTION_LOST',
          'ER_CLIENT_INTERACTION_TIMEOUT',
        ]);
      });

      it('gets another one guarded', async () => {
        const { stats } = guard(make());
        expect(await askOne(pool, 'SELECT 1')).to.equal(1);
        expect(stats()).to.include({ opened: 2, looks: 1, total: 1 });
      });
    },
    { waitTimeout: WAIT_TIMEOUT },
  );
});

/** How often a client may have to write until it is logged in; older versions of mysql2 need both on MySQL. */
const WRITES = 2;

/** Blocks the event loop as soon as the client's half of the handshake is sent. */
function standStillAfterLogin(socket: Socket): void {
  const { write } = socket;
  let left = WRITES;
  socket.write = function (this: Socket, ...what: unknown[]): boolean {
    if (--left === 0) socket.write = write;
    const sent = write.apply(this, what as Parameters<typeof write>);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STANDSTILL_MS);
    return sent;
  };
}
