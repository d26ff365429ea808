import { noteLookups, shadow, type Deliver } from '@pool-lifeguard/core';
import type { Connection, ConnectionClass, Pool } from './mariadb-shapes.ts';

/** What a dialed connection goes through to be one of the pool's. */
export type Prepare = Pool['_prepareNewConnection'];

/** Opens connections of one pool, each at once and with an end that can be brought about. */
export class Dialing {
  /** Dials under way. */
  count = 0;
  readonly #pool: Pool;
  readonly #Connection: ConnectionClass;
  readonly #prepare: Prepare;

  constructor(pool: Pool, Connection: ConnectionClass, prepare: Prepare) {
    this.#pool = pool;
    this.#Connection = Connection;
    this.#prepare = prepare;
  }

  /** `late` gets a connection of which nobody knew what to do any more. */
  dial(done: Deliver<Connection>, late: (connection: Connection) => void): (error: Error) => void {
    let answered = false;
    this.count++;
    const answer: Deliver<Connection> = (error, connection) => {
      if (!answered) {
        answered = true;
        this.count--;
        done(error, connection);
      } else if (connection) late(connection);
    };
    const fail = (error: unknown): void => answer(causeOf(error));
    const connection = new this.#Connection(this.#options());
    const unhush = hush(connection);
    const connecting = connection.connect();
    if (connection.socket) noteLookups(connection, connection.socket);
    connecting
      .then((opened) => {
        unhush();
        this.#prepare(opened, () => answer(null, opened), fail);
      })
      .catch(fail);
    return (error) => {
      answer(error);
      connection.authFailHandler(error);
    };
  }

  /** As the pool makes them for a dial of its own. */
  #options(): object {
    const { connOptions, initializationTimeout } = this.#pool.opts;
    const most = connOptions.connectTimeout || Infinity;
    return { ...connOptions, connectTimeout: Math.max(1, Math.min(initializationTimeout, most)) };
  }
}

/**
 * When a dial fails, the driver takes its listeners from the socket; one that was on its way to TLS still
 * reports an error then, which nobody could catch. Returns the function that undoes it.
 */
function hush(connection: Connection): () => void {
  const { fatalError, executeSessionVariableQuery: initialize } = connection;
  const unhushSetup = shadow(connection, 'executeSessionVariableQuery', () => {
    return Initialization.resolve(initialize.call(connection));
  });
  const unhushLoss = shadow(connection, 'fatalError', (error, avoidThrow) => {
    const { socket } = connection;
    fatalError.call(connection, error, avoidThrow);
    socket?.on('error', () => undefined);
  });
  return () => {
    unhushSetup();
    unhushLoss();
  };
}

/**
 * The chain of what the driver does between a login and its answer. Before 3.5 the end of that chain is
 * rejected and in nobody's hands, which ends the process: whoever dials has been told by then.
 */
class Initialization<T> extends Promise<T> {
  override catch<R = never>(
    onRejected?: ((reason: unknown) => R | PromiseLike<R>) | null,
  ): Promise<T | R> {
    const end = super.catch(onRejected);
    void super.then.call(end, undefined, () => undefined);
    return end;
  }
}

/** The same for whatever the driver begins to dial by itself in this call. */
export function hushed<T>(Connection: ConnectionClass, begin: () => T): T {
  const { prototype } = Connection;
  const { connect } = prototype;
  const restore = shadow(prototype, 'connect', function (this: Connection) {
    const unhush = hush(this);
    const connecting = connect.call(this);
    connecting.then(unhush, () => undefined);
    return connecting;
  });
  try {
    return begin();
  } finally {
    restore();
  }
}

/** Where a name has several addresses, Node says of each why it failed. */
function causeOf(error: unknown): Error {
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [];
  return first ?? (error as Error);
}
