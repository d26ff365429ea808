import { FLAVOURS, FLAVOUR_FACTS } from '../flavour.ts';
import type { Flavour } from '../flavour.ts';
import type { DatabaseServer, ServerCapabilities } from '../server/database-server.ts';
import { ServerUnavailableError, startServer } from '../server/start-server.ts';
import type { StartOptions } from '../server/start-server.ts';
import { noteMissing } from './missing-servers.ts';
import { sharedServer } from './shared-servers.ts';

/** Which server a suite is given. */
export interface EachServerOptions extends Omit<StartOptions, 'log'> {
  /** A server for this suite alone, for what others must not feel; it is what `globals` are for. */
  readonly private?: boolean;
  /** What the suite does to the server; pending where the server at hand does not allow it. */
  readonly needs?: readonly (keyof ServerCapabilities)[];
  /** The flavours to declare the suite for; default all. */
  readonly flavours?: readonly Flavour[];
}

/** A suite's tests, which get the running server by calling `server()` from inside hooks and tests. */
export type ServerSuite = (server: () => DatabaseServer, flavour: Flavour) => void;

// The first suite of all may have to bring the server to this machine.
const START_TIMEOUT_MS = 15 * 60_000;
const STOP_TIMEOUT_MS = 60_000;

/**
 * Declares the same suite once for MariaDB and once for MySQL, each with a running server. Where a
 * flavour cannot be had, its tests count as pending, and a last line says what to do about it.
 */
export function eachServer(suite: ServerSuite, options: EachServerOptions = {}): void {
  for (const flavour of options.flavours ?? FLAVOURS) {
    describe(`on ${FLAVOUR_FACTS[flavour].label}`, () => declare(suite, flavour, options));
  }
}

function declare(suite: ServerSuite, flavour: Flavour, options: EachServerOptions): void {
  const ownServer = options.private ?? needsOwn(options);
  let server: DatabaseServer | undefined;

  before(`start ${flavour}`, async function () {
    this.timeout(START_TIMEOUT_MS);
    server = await start(flavour, ownServer, options);
    if (!server || lacksCapability(server, options)) this.skip();
  });

  after(`leave ${flavour}`, async function () {
    this.timeout(STOP_TIMEOUT_MS);
    await (ownServer ? server?.stop() : server?.restoreGlobals());
  });

  suite(() => {
    if (!server) throw new Error('the server is there only in hooks and tests');
    return server;
  }, flavour);
}

function lacksCapability(server: DatabaseServer, { needs = [] }: EachServerOptions): boolean {
  const lacking = needs.filter((capability) => !server.capabilities[capability]);
  const { label, urlVariable } = FLAVOUR_FACTS[server.flavour];
  const where = `the server that ${urlVariable} points at`;
  if (lacking.length > 0) noteMissing(`${label}: not tested on ${where}: ${lacking.join(', ')}`);
  return lacking.length > 0;
}

const needsOwn = ({ waitTimeout, globals }: EachServerOptions): boolean =>
  waitTimeout !== undefined || globals !== undefined;

async function start(
  flavour: Flavour,
  ownServer: boolean,
  options: EachServerOptions,
): Promise<DatabaseServer | undefined> {
  try {
    return await (ownServer ? startServer(flavour, options) : sharedServer(flavour));
  } catch (error) {
    if (!(error instanceof ServerUnavailableError)) throw error;
    noteMissing(error.message);
    return undefined;
  }
}
