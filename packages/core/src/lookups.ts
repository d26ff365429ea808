/** The part of a socket that tells what a name leads to. */
interface LookingUp {
  on(event: 'lookup', listener: (error: Error | null, address: string) => void): unknown;
}

const found = new WeakMap<object, string[]>();

/** Notes what the name of a connection's host leads to, which Node tells address by address. */
export function noteLookups(connection: object, socket: LookingUp): void {
  const addresses: string[] = [];
  found.set(connection, addresses);
  socket.on('lookup', (error, address) => {
    if (!error) addresses.push(address);
  });
}

/** What the name of its host led to when it was opened; nothing for an address, or where it is not known. */
export function addressesOf(connection: object): readonly string[] {
  return found.get(connection) ?? [];
}
