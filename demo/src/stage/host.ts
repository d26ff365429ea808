import {
  FLAVOUR_FACTS,
  findServer,
  ServerUnavailableError,
  startServer,
} from '@pool-lifeguard/testkit';
import type { DatabaseServer, Flavour } from '@pool-lifeguard/testkit';
import { flavourAt } from './flavour-at.ts';
import { IDLE_LIMIT_SECONDS } from './idle-limit.ts';

/** Which server to play on: the caller's own, or the first of these that can be had. */
export type HostRequest =
  | { readonly url: string; readonly allowGlobals: boolean }
  | { readonly firstOf: readonly Flavour[] };

/** A running server and how far its settings are ours. */
export interface Host {
  /** Such as `MariaDB 10.11.19`. */
  readonly name: string;
  readonly server: DatabaseServer;
  /** The server's own idle limit may be set; else every connection asks for one by itself. */
  readonly setsGlobals: boolean;
}

/** Hears what is being done while a server is brought to the machine. */
export type Log = (line: string) => void;

/**
 * Starts a server, or logs in to the caller's own, whose globals stay as they are unless allowed.
 * Throws a `ServerUnavailableError` where no server can be had.
 */
export async function openHost(request: HostRequest, log: Log): Promise<Host> {
  if ('firstOf' in request) return openFirst(request.firstOf, log);
  const flavour = await flavourAt(request.url);
  process.env[FLAVOUR_FACTS[flavour].urlVariable] = request.url;
  return open(flavour, request.allowGlobals, log);
}

async function openFirst([flavour, ...others]: readonly Flavour[], log: Log): Promise<Host> {
  if (flavour === undefined) throw new Error('no server was asked for');
  try {
    return await open(flavour, false, log);
  } catch (error) {
    if (!(error instanceof ServerUnavailableError) || others.length === 0) throw error;
    log(error.message);
    return openFirst(others, log);
  }
}

async function open(flavour: Flavour, allowGlobals: boolean, log: Log): Promise<Host> {
  const { kind } = await findServer(flavour, log);
  // A server that the environment points at is the caller's own, too.
  const setsGlobals = kind !== 'url' || allowGlobals;
  const waitTimeout = IDLE_LIMIT_SECONDS.short;
  const server = await startServer(flavour, setsGlobals ? { waitTimeout, log } : { log });
  return { name: nameOf(server), server, setsGlobals };
}

function nameOf({ flavour, version }: DatabaseServer): string {
  const number = /\d+\.\d+\.\d+/.exec(version)?.[0] ?? version;
  return `${FLAVOUR_FACTS[flavour].label} ${number}`;
}
