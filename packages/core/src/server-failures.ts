import type { DriverError, Failure, FailureTable } from './failures.ts';

/** The server refused it, and the connection or the server behind it is not what it was. */
export const dropped = (why: string): Failure => ({
  scope: 'connection',
  executed: 'unknown',
  why,
});
/** The client stopped waiting for an answer. */
export const givenUp = (why: string): Failure => ({ ...dropped(why), givenUp: true });
/** The statement certainly never ran, and its connection is gone. */
export const unsent = (why: string): Failure => ({ scope: 'connection', executed: 'no', why });
/** Trying again cannot help. */
export const permanent = (why: string): Failure => ({
  scope: 'statement',
  executed: 'no',
  permanent: true,
  why,
});
const generation = (executed: Failure['executed'], why: string): Failure => ({
  scope: 'generation',
  executed,
  why,
});

/** What the errors of both servers, of the network and of Node mean, whichever driver shows them. */
export const serverFailures = {
  byErrno: {
    1044: permanent('access to the database is denied'),
    1045: permanent('user or password is wrong'),
    1049: permanent('the database does not exist'),
    1053: generation('unknown', 'the server is shutting down'),
    1152: dropped('the server aborted the connection'),
    1153: dropped('the packet was too large: the server hangs up after saying so'),
    1158: dropped('the server could not read from the connection'),
    1159: dropped('the server waited too long to read'),
    1160: dropped('the server could not write to the connection'),
    1161: dropped('the server waited too long to write'),
    1184: dropped('the server aborted the connection'),
    1698: permanent('user or password is wrong'),
    1836: generation('no', 'the server is in read-only mode: the writer is elsewhere now'),
  },
  byCode: {
    ECONNRESET: dropped('the other side reset the connection'),
    ECONNREFUSED: unsent('nobody listens there: the server is away, or somewhere else'),
    EPIPE: dropped('the other side had closed the connection'),
    ETIMEDOUT: dropped('the network gave up'),
    EHOSTUNREACH: dropped('no route to the server'),
    ENETUNREACH: dropped('no route to the network'),
    ERR_SOCKET_BAD_PORT: permanent('the configured port is no port'),
    ERR_INVALID_ARG_TYPE: permanent('the configuration holds a value that Node refuses'),
    ERR_INVALID_ARG_VALUE: permanent('the configuration holds a value that Node refuses'),
    ERR_TLS_CERT_ALTNAME_INVALID: permanent('the certificate is for another host'),
    DEPTH_ZERO_SELF_SIGNED_CERT: permanent('the certificate is not trusted'),
    SELF_SIGNED_CERT_IN_CHAIN: permanent('the certificate is not trusted'),
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: permanent('the certificate is not trusted'),
    CERT_HAS_EXPIRED: permanent('the certificate has expired'),
  },
  special: (error: DriverError): Failure | undefined =>
    isReadOnly(error) ? generation('no', 'read-only: the writer is elsewhere now') : undefined,
} satisfies FailureTable;

/** Numbers that only MySQL gives this meaning. */
export const mysqlErrno: FailureTable['byErrno'] = {
  // A procedure or a trigger may raise this number, too.
  4031: { ...unsent('the server had closed the session for inactivity'), afterIdling: true },
};

/** Numbers that only MariaDB knows; its 4031 is an error about triggers. */
export const mariadbErrno: FailureTable['byErrno'] = {
  1927: dropped('the connection was killed'),
};

/**
 * 1290 is also the answer for `--secure-file-priv` and others, so the message must name a read-only
 * option; 1792 inside a transaction that the application opened READ ONLY is its own mistake.
 */
function isReadOnly({ errno, message }: DriverError): boolean {
  if (errno === 1290) return /read[-_]only/i.test(message);
  return errno === 1792 && !/in a READ ONLY transaction/i.test(message);
}
