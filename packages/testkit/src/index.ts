export { FLAVOURS, FLAVOUR_FACTS } from './flavour.ts';
export type { Flavour, FlavourFacts } from './flavour.ts';

export { findServer } from './programs/find-server.ts';
export type { ServerSource } from './programs/find-server.ts';
export type { Log } from './programs/packaged.ts';
export type { ServerProgram } from './programs/server-program.ts';

export { startRefuser } from './server/refuser.ts';
export type { Refuser } from './server/refuser.ts';
export { ServerUnavailableError, startServer } from './server/start-server.ts';
export type { StartOptions } from './server/start-server.ts';
export type {
  ConnectionOptions,
  DatabaseServer,
  DownOptions,
  RestartOptions,
  ServerCapabilities,
} from './server/database-server.ts';
export type { ProcessRow } from './server/process-list.ts';
export type { GlobalValue } from './server/server-options.ts';

export { startProxy } from './proxy/fault-proxy.ts';
export type { FaultProxy, ProxyTarget, Victims } from './proxy/fault-proxy.ts';
export type { ConnectionInfo } from './proxy/proxied-connection.ts';

export { spawnChild } from './child/frozen-child.ts';
export type { ChildExit, FrozenChild, SpawnOptions } from './child/frozen-child.ts';
export type { Notice } from './child/messages.ts';
export { notify, serveCommands } from './child/serve-commands.ts';
export type { Commands } from './child/serve-commands.ts';

export { eachServer } from './suites/each-server.ts';
export type { EachServerOptions, ServerSuite } from './suites/each-server.ts';
export { useProxy } from './suites/use-proxy.ts';
export { stopSharedServers } from './suites/shared-servers.ts';

export { answerOf } from './tools/answer-of.ts';
export { failureOf } from './tools/failure-of.ts';
export { freePort } from './tools/free-port.ts';
export { seeded } from './tools/seeded.ts';
export { turns } from './tools/turns.ts';
export { unconnectable } from './tools/unconnectable.ts';
export type { Unconnectable } from './tools/unconnectable.ts';
export { standStill } from './tools/stand-still.ts';
export { waitUntil } from './tools/wait-until.ts';
export type { WaitOptions } from './tools/wait-until.ts';
export { writePage } from './tools/write-page.ts';
