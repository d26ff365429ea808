import { shadow, type Emitter, type Policy } from '@pool-lifeguard/core';
import { install, type Installed } from '@pool-lifeguard/mariadb';
import { beginOrAgain, type Lender } from './begin-again.ts';
import { settleCapabilities } from './capabilities.ts';
import { guardTransaction } from './guard-transaction.ts';
import { unsupported } from './is-prisma.ts';
import type { Adapter, AdapterFactory, Pool, Transaction } from './prisma-shapes.ts';
import { spot } from './spot-adapter.ts';

/** One adapter that a factory has connected, and how to let go of it. */
interface Connected {
  readonly pool: Installed;
  readonly restore: readonly (() => void)[];
  disposed: boolean;
}

/**
 * Where a driver adapter makes its pool: in `connect()`, anew at each `$connect()` of each client
 * that uses it, unless it was given a pool.
 */
export class GuardedFactory {
  readonly #policy: Policy;
  readonly #emitter: Emitter;
  readonly #restore: (() => void)[] = [];
  readonly #connected = new Map<Adapter, Connected>();
  #knowsCapabilities = false;
  #undone = false;

  constructor(factory: AdapterFactory, policy: Policy, emitter: Emitter) {
    this.#policy = policy;
    this.#emitter = emitter;
    if (policy.mode === 'off') return;
    const { connect } = factory;
    this.#restore.push(
      shadow(factory, 'connect', async () => {
        const adapter = await connect.call(factory);
        await this.#guardFresh(adapter);
        spot(adapter);
        return adapter;
      }),
    );
  }

  /** Pools of clients that have disconnected are told of until there is another one. */
  pools(): ReturnType<Installed['pools']> {
    const pools = new Set([...this.#connected.values()].map(({ pool }) => pool));
    return [...pools].flatMap((pool) => pool.pools());
  }

  /** Guards the pool of an adapter, unless that has been done. */
  adopt(adapter: Adapter): void {
    if (this.#undone || this.#policy.mode === 'off' || this.#connected.has(adapter)) return;
    const driverPool = poolOf(adapter);
    const pool = install(driverPool, this.#policy, this.#emitter);
    const { startTransaction, dispose } = adapter;
    const checkHeld: Installed['checkHeld'] = (...held) =>
      this.#undone ? 'keep' : pool.checkHeld(...held);
    for (const [old, { disposed }] of this.#connected) if (disposed) this.#connected.delete(old);
    const connected: Connected = {
      pool,
      disposed: false,
      restore: [
        shadow(adapter, 'dispose', () => {
          connected.disposed = true;
          return dispose.call(adapter);
        }),
        shadow(adapter, 'startTransaction', async (...isolation) => {
          const begin = (): Promise<Transaction> => startTransaction.apply(adapter, isolation);
          const transaction = await this.#begin(begin, { pool: driverPool, guard: pool });
          return this.#undone ? transaction : guardTransaction(transaction, checkHeld);
        }),
      ],
    };
    this.#connected.set(adapter, connected);
  }

  /** Has something done at the undo. */
  atUndo(restore: () => void): void {
    this.#restore.push(restore);
  }

  undo(): void {
    this.#undone = true;
    for (const restore of this.#restore) restore();
    for (const { restore, pool } of this.#connected.values()) {
      for (const each of restore) each();
      pool.undo();
    }
  }

  #begin(begin: () => Promise<Transaction>, lender: Lender): Promise<Transaction> {
    const { mode, retry } = this.#policy;
    if (mode !== 'on' || retry === false || this.#undone) return begin();
    return beginOrAgain(lender, begin, () => !this.#undone && !lender.pool.closed);
  }

  async #guardFresh(adapter: Adapter): Promise<void> {
    try {
      this.adopt(adapter);
      if (this.#policy.mode !== 'on' || this.#knowsCapabilities || this.#undone) return;
      this.#knowsCapabilities = await settleCapabilities(adapter);
    } catch (error) {
      // Nobody else knows of it yet.
      await adapter.dispose();
      throw error;
    }
  }
}

function poolOf(adapter: Adapter): Pool {
  if (typeof adapter.underlyingDriver !== 'function') {
    throw unsupported(
      'The driver adapter does not show its pool (underlyingDriver()), so it cannot be guarded; ' +
        'allowed: "@prisma/adapter-mariadb" ^6.13.0 or ^7.0.0.',
    );
  }
  return adapter.underlyingDriver();
}
