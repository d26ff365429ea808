import type { Socket } from 'node:net';
import type { Connection } from './mysql2-shapes.ts';

const found = new WeakMap<Connection, string[]>();

/** Notes what the name of its host leads to, which Node tells address by address. */
export function noteLookups(connection: Connection, socket: Pick<Socket, 'on'>): void {
  const addresses: string[] = [];
  found.set(connection, addresses);
  socket.on('lookup', (error, address) => {
    if (!error) addresses.push(address);
  });
}

/** What the name of its host led to when it was opened; nothing for an address, or where it is not known. */
export function addressesOf(connection: Connection): readonly string[] {
  return found.get(connection) ?? [];
}
