import { ORDINARY, type DriverError, type Failure, type FailureTable } from './failures.ts';

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
/** No connection was opened, but one may be a moment later. */
export const unopened = (why: string): Failure => ({ scope: 'statement', executed: 'no', why });
/** The statement ended before its time; its connection goes on. */
const interrupted = (why: string): Failure => ({ scope: 'statement', executed: 'unknown', why });
const generation = (executed: Failure['executed'], why: string): Failure => ({
  scope: 'generation',
  executed,
  why,
});

/** What the errors of both servers, of the network and of Node mean, whichever driver shows them. */
export const serverFailures = {
  byErrno: {
    1040: unopened('the server has as many connections as it may have'),
    1044: permanent('access to the database is denied'),
    1045: permanent('user or password is wrong'),
    1049: permanent('the database does not exist'),
    1053: generation('unknown', 'the server is shutting down'),
    1129: permanent('the server blocks this host until somebody unblocks it'),
    1130: permanent('this host may not connect'),
    1152: dropped('the server aborted the connection'),
    1153: dropped('the packet was too large: the server hangs up after saying so'),
    1156: dropped('the server got packets out of order'),
    1158: dropped('the server could not read from the connection'),
    1159: dropped('the server waited too long to read'),
    1160: dropped('the server could not write to the connection'),
    1161: dropped('the server waited too long to write'),
    1184: dropped('the server aborted the connection'),
    1203: unopened('the user has as many connections as he may have'),
    1226: unopened('the user has as much of something as he may have'),
    1251: permanent('the server asks for an authentication that the client does not know'),
    // Its SQLSTATE is that of a lost connection, which it is not.
    1317: interrupted('the statement was killed, not its connection'),
    1524: permanent('the authentication plugin is not loaded'),
    1698: permanent('user or password is wrong'),
    1836: generation('no', 'the server is in read-only mode: the writer is elsewhere now'),
    // Numbers of the C client: somebody in between lost his own connection to the server, and with it
    // the session.
    2002: dropped('a proxy could not reach the server'),
    2003: dropped('a proxy could not reach the server'),
    2006: dropped('a proxy lost the server'),
    2013: dropped('a proxy lost the server'),
    2014: dropped('a proxy and the server no longer understand each other'),
    2055: dropped('a proxy lost the server'),
    // The first number is MySQL's, the second one MariaDB's; of who is not let in yet, neither is known.
    3118: permanent('the account is locked'),
    4151: permanent('the account is locked'),
  },
  byCode: {
    ECONNREFUSED: unopened('nobody listens there now'),
    ENOTFOUND: unopened('the name leads nowhere now'),
    EAI_AGAIN: unopened('the name could not be looked up now'),
    ECONNRESET: dropped('the other side reset the connection'),
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
  3024: interrupted('the statement took longer than it may'),
  // A procedure or a trigger may raise this number, too.
  4031: { ...unsent('the server had closed the session for inactivity'), afterIdling: true },
};

/** Numbers that only MariaDB gives this meaning. */
export const mariadbErrno: FailureTable['byErrno'] = {
  1927: dropped('the connection was killed'),
  // Its SQLSTATE is that of a lost connection, which it is not.
  1969: interrupted('the statement took longer than it may'),
  4031: { ...ORDINARY, why: 'a trigger refers to one that does not exist' },
};

/**
 * 1290 is also the answer for `--secure-file-priv` and others, so the message must name a read-only
 * option; 1792 inside a transaction that the application opened READ ONLY is its own mistake.
 */
function isReadOnly({ errno, message }: DriverError): boolean {
  if (errno === 1290) return /read[-_]only/i.test(message);
  return errno === 1792 && !/in a READ ONLY transaction/i.test(message);
}
