import { connect, type LookupFunction, type Socket } from 'node:net';

/** Where sockets come from that cannot be connected, until they can. */
export interface Unconnectable {
  connect(): Socket;
  heal(): void;
}

/** Sockets to a port of this machine by a name that leads nowhere: their error has this code. */
export function unconnectable(code: string, port: number): Unconnectable {
  let broken = true;
  const lookup: LookupFunction = (_host, _options, done) => {
    const error = Object.assign(new Error(`getaddrinfo ${code}`), { code, syscall: 'getaddrinfo' });
    if (broken) done(error, '');
    else done(null, [{ address: '127.0.0.1', family: 4 }]);
  };
  return {
    connect: () => connect({ host: 'database.example', port, lookup }),
    heal: () => (broken = false),
  };
}
