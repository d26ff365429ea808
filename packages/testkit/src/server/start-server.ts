import { FLAVOUR_FACTS } from '../flavour.ts';
import type { Flavour } from '../flavour.ts';
import { findServer } from '../programs/find-server.ts';
import type { Log } from '../programs/packaged.ts';
import type { DatabaseServer } from './database-server.ts';
import { PortTakenError, PrivateServer } from './private-server.ts';
import { RemoteServer } from './remote-server.ts';
import type { GlobalValue } from './server-options.ts';

/** How a server is to be set up. */
export interface StartOptions {
  /** Seconds after which the server closes an idle connection; the server's default is 28800. */
  readonly waitTimeout?: number;
  /** Further global variables; they hold across restarts. */
  readonly globals?: Readonly<Record<string, GlobalValue>>;
  /** Hears what is being done while a server is brought to the machine. */
  readonly log?: Log;
}

/** Says that a flavour cannot be had on this machine, and what to do about it. */
export class ServerUnavailableError extends Error {
  override readonly name = 'ServerUnavailableError';
  readonly flavour: Flavour;
  readonly advice: string;

  constructor(flavour: Flavour, advice: string) {
    super(`${FLAVOUR_FACTS[flavour].label}: not available here: ${advice}`);
    this.flavour = flavour;
    this.advice = advice;
  }
}

/**
 * Starts a private server of the flavour, or logs in to the one that the environment points at.
 * Throws a `ServerUnavailableError` where neither is possible.
 */
export async function startServer(
  flavour: Flavour,
  { waitTimeout, globals = {}, log }: StartOptions = {},
): Promise<DatabaseServer> {
  const source = await findServer(flavour, log);
  const all = waitTimeout === undefined ? globals : { wait_timeout: waitTimeout, ...globals };
  switch (source.kind) {
    case 'url':
      return RemoteServer.connect(flavour, source.url, all);
    case 'program':
      return startPrivate(() => PrivateServer.start(source.program, source.template, all));
    case 'unavailable':
      throw new ServerUnavailableError(flavour, source.advice);
  }
}

/** A free port may be taken by somebody else before the server has it; another one will do. */
async function startPrivate(start: () => Promise<DatabaseServer>): Promise<DatabaseServer> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error;
    return start();
  }
}
