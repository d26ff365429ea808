import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Above the usual ephemeral range, where somebody's outgoing connection could hold the port. Two runs
// at a time get a part of it each: a server that is being restarted must find its port again.
const RANGE = /^(\d+)-(\d+)$/.exec(process.env['LIFEGUARD_TEST_PORTS'] ?? '61001-65535');
const [LOWEST, HIGHEST] = [Number(RANGE?.[1]), Number(RANGE?.[2])];

const handedOut = new Set<number>();

/** A port on 127.0.0.1 which nobody listens on now and which this process has not been given yet. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (!handedOut.has(port) && (await isFree(port))) {
      handedOut.add(port);
      return port;
    }
  }
  throw new Error(`no free port found between ${LOWEST} and ${HIGHEST}`);
}

/** Gives a port back once nothing will listen on it any more. */
export function returnPort(port: number): void {
  handedOut.delete(port);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      probe.close(() => resolve(true));
    });
  });
}
