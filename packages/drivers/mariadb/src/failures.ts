import {
  dropped,
  givenUp,
  mariadbErrno,
  mysqlErrno,
  permanent,
  serverFailures,
  unopened,
  unsent,
  type FailureTable,
} from '@pool-lifeguard/core';

/** What the errors of mariadb itself mean, beside those of the servers. */
const common: FailureTable['byErrno'] = {
  ...serverFailures.byErrno,
  45004: givenUp('the connection was destroyed'),
  45009: dropped('the other side closed the connection'),
  45011: dropped('client and server no longer understand each other'),
  45012: givenUp('the server did not answer in time'),
  45013: unsent('the driver never sent it'),
  45014: dropped('client and server no longer understand each other'),
  45015: dropped('client and server no longer understand each other'),
  45023: permanent('the server has no TLS'),
  45025: permanent('the authentication plugin is not supported'),
  45026: givenUp('the client stopped waiting; the server still works on it'),
  45028: unopened('no connection was to be had in time'),
  45032: dropped('client and server no longer understand each other'),
  45042: givenUp('the client stopped waiting'),
  45044: permanent('the key of the server cannot be asked for'),
  45047: permanent('the authentication plugin is not allowed'),
  45056: permanent('the certificate is not trusted'),
  45057: permanent('the certificate is not trusted'),
  45059: permanent('the certificate is for another host'),
  45062: permanent('the certificate is not trusted'),
  45063: permanent('the certificate is not trusted'),
  45064: permanent('the password would be sent in clear'),
};

export const mysqlFailures: FailureTable = {
  ...serverFailures,
  byErrno: { ...common, ...mysqlErrno },
};

export const mariadbFailures: FailureTable = {
  ...serverFailures,
  byErrno: { ...common, ...mariadbErrno },
};
