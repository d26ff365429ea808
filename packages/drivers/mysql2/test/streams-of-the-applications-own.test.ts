import { eachServer, failureOf, waitUntil } from '@pool-lifeguard/testkit';
import { expect } from 'chai';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { ask, askOne, borrow } from './support/calls.ts';
import { withPools } from './support/dials.ts';
import { parityOn } from './support/same.ts';

describe("a pool over streams of the application's own", () => {
  eachServer((server) => {
    const { same } = parityOn(server);
    const tunnel = (): Duplex => new Tunnel(server().host, server().port);

    same(
      'that are no sockets lends, takes back and lends again',
      { connectionLimit: 1, stream: tunnel },
      async ({ pool, journal }) => {
        const answers = [await askOne(pool, 'SELECT 1'), await askOne(pool, 'SELECT 2')];
        return [answers, journal.counts()];
      },
      (bare) => expect(bare).to.deep.equal([[1, 2], { connection: 1, acquire: 2, release: 2 }]),
    );

    same(
      'closes them at evictAll(), or by destroy()',
      { connectionLimit: 1, stream: tunnel },
      async ({ pool, handle }) => {
        const connection = await borrow(pool);
        connection.release();
        if (handle) handle.evictAll();
        else connection.destroy();
        const isGone = async (): Promise<boolean> =>
          (await server().processList()).every(({ id }) => id !== connection.threadId);
        await waitUntil(isGone, { what: 'the end of the connection' });
        return askOne(pool, 'SELECT 3');
      },
      (bare) => expect(bare).to.equal(3),
    );

    it('that cannot be made throws bare at the borrower; guarded it is the cause of the timeout', async () => {
      const stream = (): never => {
        throw new Error('no tunnel');
      };
      const { bare, guarded } = await withPools(
        { ...server().connectionOptions(), stream },
        { connectionTimeout: 100 },
        async (pool, handle) => {
          const error = await failureOf(ask(pool, 'SELECT 1'));
          return { message: error.message, cause: error.cause, pending: handle?.stats().pending };
        },
      );
      expect(bare).to.deep.equal({ message: 'no tunnel', cause: undefined, pending: undefined });
      expect(guarded.cause).to.include({ message: 'no tunnel' });
      expect(guarded.pending).to.equal(0);
    });
  });
});

/** A connection that is a plain stream: no `destroySoon`, no `bytesRead`, no addresses. */
class Tunnel extends Duplex {
  readonly #socket;

  constructor(host: string, port: number) {
    super({ allowHalfOpen: false });
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.on('data', (chunk) => this.push(chunk));
    this.#socket.on('end', () => this.push(null));
    this.#socket.on('error', (error) => this.destroy(error));
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
