import { show } from './duration.ts';
import { LifeguardError } from './errors.ts';
import type { CloseReason, ConnectionView } from './connection-record.ts';
import type { Executed, Scope } from './failures.ts';
import type { Verdict } from './judge.ts';

/** What happens in a guarded pool, by event name. No SQL, parameter or credential is in any of it. */
export interface Events {
  /** A borrow met an idle connection, and the policy did not simply say `use`. */
  verdict: { connection: ConnectionView; verdict: Exclude<Verdict, 'use'>; observed: boolean };
  /** A look or a ping ended. */
  validated: {
    connection: ConnectionView;
    by: 'look' | 'ping';
    healthy: boolean;
    durationMs: number;
  };
  /** A connection was opened. */
  opened: { connection: ConnectionView; durationMs: number };
  /** A connection could not be opened; the next try waits `backoffMs`. */
  openFailed: { error: Error; durationMs: number; backoffMs: number };
  /** A connection left the pool. */
  closed: { connection: ConnectionView; reason: CloseReason };
  /** A borrow's deadline passed. */
  timeout: { waitedMs: number; cause: Error | undefined };
  /** An error on a lease that concerns more than its statement. */
  failure: { connection: ConnectionView; scope: Scope; executed: Executed; error: Error };
  /** A statement that ended with this error is run again on another connection. */
  retried: { error: Error };
  /** A lease ended inside an open transaction, which is rolled back before anyone else gets it. */
  rolledBack: { connection: ConnectionView };
  /** A lease is held for longer than `leakDetectionThreshold`; `stack` tells who took it. */
  leakSuspected: { connection: ConnectionView; heldMs: number; stack: string };
  /** Such a lease has ended after all. */
  leakReturned: { connection: ConnectionView; heldMs: number; stack: string };
  /** A held connection is idle inside a transaction for long, so `keepHeld` lets it end. */
  idleInTransaction: { connection: ConnectionView };
  /** The machine slept, or the process stood still: noticed at the keeper's next turn. */
  suspended: { durationMs: number };
  /** A held connection had died and its holder goes on with a fresh one. */
  moved: { connection: ConnectionView };
  /** A held connection had died and its holder was told what is lost. */
  lost: { connection: ConnectionView; what: 'transaction' | 'session' };
  /** The server's idle limit was read from a session. */
  limitRead: { connection: ConnectionView; waitTimeoutMs: number; idleTimeoutMs: number };
  /** A connection was closed at rest: from now on none is lent that has rested for so long. */
  limitLearned: { connection: ConnectionView; idleTimeoutMs: number };
  /** Something is configured wrongly. Each distinct warning comes once. */
  warning: { message: string };
}

export type EventName = keyof Events;

/** Every event name, once each: the compiler checks that none is missing. */
const NAMES: Readonly<Record<EventName, true>> = {
  verdict: true,
  validated: true,
  opened: true,
  openFailed: true,
  closed: true,
  timeout: true,
  failure: true,
  retried: true,
  rolledBack: true,
  leakSuspected: true,
  leakReturned: true,
  idleInTransaction: true,
  suspended: true,
  moved: true,
  lost: true,
  limitRead: true,
  limitLearned: true,
  warning: true,
};
export const EVENT_NAMES = Object.keys(NAMES) as readonly EventName[];

/** Whether there is an event of this name. */
export function isEventName(name: string): name is EventName {
  return Object.hasOwn(NAMES, name);
}

/** An event as listeners get it: with the pool it happened in. */
export type PoolEvent<Name extends EventName> = Events[Name] & { readonly poolName: string };
export type Listener<Name extends EventName> = (event: PoolEvent<Name>) => void;
export type Listeners = { [Name in EventName]: Listener<Name> };

/**
 * Event callbacks by name. A callback that throws harms nobody; that is reported as a warning, once
 * for each event.
 */
export class Emitter {
  readonly #listeners = new Map<EventName, Set<(event: never) => void>>();
  /** What was reported to throw: a listener that does so at every event is named once. */
  readonly #reported = new Set<string>();

  constructor(initial: Partial<Listeners> = {}) {
    for (const [name, listener] of Object.entries(initial)) {
      this.#listeners.set(name as EventName, new Set([listener]));
    }
  }

  /**
   * Adds a listener and returns the function that removes it.
   *
   * @throws LifeguardError `LIFEGUARD_INVALID_OPTION` for an unknown name.
   */
  on<Name extends EventName>(name: Name, listener: Listener<Name>): () => void {
    if (!isEventName(name) || typeof listener !== 'function') {
      throw new LifeguardError(
        'LIFEGUARD_INVALID_OPTION',
        `on() was given ${show(name)} and ${show(listener)}; allowed: an event name ` +
          `(${EVENT_NAMES.join(', ')}) and a function.`,
      );
    }
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Whether anybody listens; asked first where making the event costs something. */
  has(name: EventName): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  emit<Name extends EventName>(name: Name, event: PoolEvent<Name>): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      harmless(
        `A listener of event "${name}"`,
        () => (listener as Listener<Name>)(event),
        this.#reported,
      );
    }
  }
}

/** Runs what the user gave us to run in the middle of our work; what it throws becomes a warning. */
export function harmless(what: string, run: () => unknown, reported?: Set<string>): void {
  const report = (error: unknown): void => {
    if (reported?.has(what)) return;
    reported?.add(what);
    process.emitWarning(`Lifeguard: ${what} threw: ${String(error)}`, { type: 'LifeguardWarning' });
  };
  try {
    const result = run();
    if (result instanceof Promise) result.catch(report);
  } catch (error) {
    report(error);
  }
}
