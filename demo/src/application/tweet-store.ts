import type { EventEmitter } from 'node:events';
import type { Guard } from '@pool-lifeguard/core';

/** Connections of a pool, fewer than there are users. */
export const POOL_SIZE = 4;

/** Where the application's database is. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** How a store is made. */
export interface StoreOptions {
  readonly address: DatabaseAddress;
  /** Seconds of idleness that each connection asks for, where the server's global is not ours. */
  readonly sessionWaitTimeout?: number | undefined;
  /** Is shown the driver's pool before its first connection. */
  readonly onPool?: (pool: EventEmitter) => void;
}

/** The tweets of the application behind one ORM: all in which the ORMs differ. */
export interface TweetStore {
  /** Creates the table. */
  migrate(): Promise<void>;
  /** The one line that the guarded application has more; comes before `open`. */
  guard(): Guard;
  /** Opens the pool and fills it. */
  open(): Promise<void>;
  close(): Promise<void>;
  /** The ten newest tweets. */
  newest(): Promise<unknown>;
  post(author: string, text: string): Promise<unknown>;
  /** Takes a connection for many statements, where the ORM can. */
  hold?(): HeldConnection;
}

/** A connection that a job keeps between its statements. */
export interface HeldConnection {
  count(): Promise<unknown>;
  /** The server's number for it. */
  id(): Promise<number>;
  release(): Promise<void>;
}
