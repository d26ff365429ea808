import {
  dropped,
  givenUp,
  mariadbErrno,
  mysqlErrno,
  permanent,
  serverFailures,
  unsent,
  type DriverError,
  type FailureTable,
} from '@pool-lifeguard/core';

/** What the errors of mysql2 itself mean, beside those of the servers. */
const common: FailureTable = {
  ...serverFailures,
  byCode: {
    ...serverFailures.byCode,
    HANDSHAKE_NO_SSL_SUPPORT: permanent('the server has no TLS'),
    MYSQL_CLEAR_PASSWORD_NOT_ENABLED: permanent('the password would be sent in clear'),
    PROTOCOL_CONNECTION_LOST: dropped('the other side closed the connection'),
    PROTOCOL_SEQUENCE_TIMEOUT: givenUp('the client stopped waiting; the server still works on it'),
    PROTOCOL_ERROR: dropped('client and server no longer understand each other'),
    PROTOCOL_UNEXPECTED_PACKET: dropped('client and server no longer understand each other'),
  },
  special: (error) =>
    serverFailures.special(error) ??
    (isRefusal(error) ? unsent('the driver never sent it') : undefined),
};

/** The driver gives it neither number nor code; a server's message may hold any text. */
function isRefusal({ errno, code, message }: DriverError): boolean {
  return errno === undefined && code === undefined && message.endsWith(' in closed state');
}

export const mysqlFailures: FailureTable = {
  ...common,
  byErrno: { ...common.byErrno, ...mysqlErrno },
};

export const mariadbFailures: FailureTable = {
  ...common,
  byErrno: { ...common.byErrno, ...mariadbErrno },
};
