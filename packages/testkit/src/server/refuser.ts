import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ConnectionOptions } from './database-server.ts';
import { freePort, returnPort } from '../tools/free-port.ts';

/** What says an error to everybody who connects, in the place of a greeting. */
export interface Refuser {
  readonly options: ConnectionOptions;
  /** How many it has refused. */
  count(): number;
  stop(): Promise<void>;
}

/** Starts it. For errors of servers that cannot be brought to say them, as to one on the same machine. */
export async function startRefuser(errno: number, message: string): Promise<Refuser> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.on('error', () => {});
    socket.end(errorPacket(errno, message));
  });
  const [host, port] = ['127.0.0.1', await freePort()];
  server.listen(port, host);
  await once(server, 'listening');
  return {
    options: { host, port, user: 'root', password: '' },
    count: () => count,
    async stop() {
      server.close();
      await once(server, 'close');
      returnPort(port);
    },
  };
}

/** As servers send it before they know what the client can do: without an SQLSTATE. */
function errorPacket(errno: number, message: string): Buffer {
  const body = Buffer.concat([Buffer.from([0xff, errno & 0xff, errno >> 8]), Buffer.from(message)]);
  return Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body]);
}
