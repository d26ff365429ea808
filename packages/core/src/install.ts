import { systemClock } from './clock.ts';
import { LifeguardError } from './errors.ts';
import { Emitter } from './events.ts';
import type { Guard, PoolGuard } from './guard.ts';
import { handleOf } from './handle.ts';
import type { HeldVerdict } from './held.ts';
import type { LifeguardOptions } from './options.ts';
import type { Policy } from './policy.ts';
import { readOptions } from './read-options.ts';
import { registry, type Registry } from './registry.ts';
import { recognizeRewording } from './lost-statements.ts';
import type { Surroundings } from './roster.ts';

/** A guarded pool or cluster, as ORM adapters hold it. */
export interface Installed<C extends object, P extends PoolGuard<C> = PoolGuard<C>> {
  /** What a user gets of it. */
  readonly handle: Guard;
  /** The pools as they are at the moment of the call. */
  pools(): readonly P[];
  /**
   * Judges a connection that somebody holds, before he sends his next statement: `keep` at once
   * while it is above doubt, else a promise. See `HeldConnections`.
   */
  checkHeld(
    connection: object,
    sql: string | undefined,
    holder: object,
  ): HeldVerdict | Promise<HeldVerdict>;
  /** An ORM made this error of what a statement ended with that was lost with a lent connection. */
  recognize(error: unknown, connection: object): void;
  undo(): void;
}

/** What a driver adapter makes of one pool or cluster. */
type GuardedSubject<C extends object, P extends PoolGuard<C>> = Pick<
  Installed<C, P>,
  'pools' | 'undo'
>;

type Found<Pool, Cluster> = { readonly pool: Pool } | { readonly cluster: Cluster };

/** What a driver adapter knows of the pools and clusters of its driver. */
export interface Subjects<C extends object, P extends PoolGuard<C>, Pool, Cluster> {
  /** The driver's name. */
  readonly driver: string;
  /** The pool or cluster in what a user gave. Throws where there is none. */
  recognize(target: unknown): Found<Pool, Cluster>;
  /** Guards a pool; undefined where it has ended, and answers every borrow by itself. */
  guardPool(pool: Pool, surroundings: Surroundings): (P & { undo(): void }) | undefined;
  /** Guards a cluster, each of its nodes by `guardNode`. */
  guardCluster(
    cluster: Cluster,
    guardNode: (node: Pool) => Installed<C, P>,
    policy: Policy,
  ): GuardedSubject<C, P>;
  /** The connection in what a pool lends, where it lends wrappers. */
  unwrap?(lent: object): object;
}

/**
 * Guards the pools and clusters of one driver. One that has a guard keeps it, whichever copy of us
 * set it up.
 */
export class Installer<
  C extends object,
  P extends PoolGuard<C>,
  Pool extends object,
  Cluster extends object,
> {
  readonly #subjects: Subjects<C, P, Pool, Cluster>;
  readonly #installed: Registry;

  constructor(subjects: Subjects<C, P, Pool, Cluster>) {
    this.#subjects = subjects;
    this.#installed = registry(subjects.driver);
  }

  /** For users: one guard, with options of its own. */
  guard(target: unknown, options?: LifeguardOptions): Guard {
    const policy = readOptions(options);
    const found = this.#subjects.recognize(target);
    const emitter = new Emitter(policy.listeners);
    if (policy.mode !== 'off') return this.#install(found, policy, emitter).handle;
    return handleOf({ policy, emitter, pools: () => [], undo: () => undefined });
  }

  /** For ORM adapters, whose guard may be of several pools, one after the other. */
  install(target: unknown, policy: Policy, emitter: Emitter): Installed<C, P> {
    return this.#install(this.#subjects.recognize(target), policy, emitter);
  }

  #install(found: Found<Pool, Cluster>, policy: Policy, emitter: Emitter): Installed<C, P> {
    if ('pool' in found) return this.#installPool(found.pool, policy, emitter);
    return this.#once(found.cluster, policy, emitter, () => {
      const guardNode = (node: Pool): Installed<C, P> => this.#installPool(node, policy, emitter);
      return this.#subjects.guardCluster(found.cluster, guardNode, policy);
    });
  }

  #installPool(pool: Pool, policy: Policy, emitter: Emitter): Installed<C, P> {
    return this.#once(pool, policy, emitter, () => {
      const surroundings = { policy, emitter, clock: systemClock(), random: Math.random };
      const guarded = this.#subjects.guardPool(pool, surroundings);
      return { pools: () => (guarded ? [guarded] : []), undo: () => guarded?.undo() };
    });
  }

  #once(
    subject: object,
    policy: Policy,
    emitter: Emitter,
    set: () => GuardedSubject<C, P>,
  ): Installed<C, P> {
    const known = this.#installed.get(subject) as Installed<C, P> | undefined;
    if (known) return known;
    if (!Object.isExtensible(subject)) {
      throw new LifeguardError(
        'LIFEGUARD_UNSUPPORTED',
        `This pool of ${this.#subjects.driver} is frozen or sealed, so nothing can be put in front of ` +
          'its methods; allowed: a pool that can be changed.',
      );
    }
    const guarded = set();
    const pools = (): readonly P[] => guarded.pools();
    const undo = (): void => {
      // A later guard of the same subject is not ours to take off.
      if (this.#installed.get(subject) !== entry) return;
      this.#installed.delete(subject);
      guarded.undo();
    };
    const unwrap = (lent: object): C => (this.#subjects.unwrap?.(lent) ?? lent) as C;
    const entry: Installed<C, P> = {
      handle: handleOf({ policy, emitter, pools, undo }),
      pools,
      checkHeld: (connection, sql, holder) => {
        const held = unwrap(connection);
        const pool = policy.mode === 'on' && pools().find(({ roster }) => roster.get(held));
        return pool ? pool.held.check(held, sql, holder) : 'keep';
      },
      recognize: (error, connection) => recognizeRewording(error, unwrap(connection)),
      undo,
    };
    this.#installed.set(subject, entry);
    return entry;
  }
}
