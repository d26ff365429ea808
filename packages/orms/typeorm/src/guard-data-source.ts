import { shadow, type Emitter, type Policy } from '@pool-lifeguard/core';
import { install, type Installed } from '@pool-lifeguard/mysql2';
import { guardedRunners } from './guard-query-runner.ts';
import type { MysqlDriver } from './typeorm-shapes.ts';

/**
 * Where a data source keeps its pool, and when it makes one: `driver.pool`, or `driver.poolCluster`
 * with `replication`, anew at each `driver.connect()`.
 */
export class GuardedDataSource {
  readonly #driver: MysqlDriver;
  readonly #policy: Policy;
  readonly #emitter: Emitter;
  readonly #restore: (() => void)[] = [];
  #pool: Installed | undefined;
  #undone = false;

  constructor(driver: MysqlDriver, policy: Policy, emitter: Emitter) {
    this.#driver = driver;
    this.#policy = policy;
    this.#emitter = emitter;
    // First, because it refuses what it does not know: then nothing has been changed yet.
    if (policy.mode !== 'off') this.#guardPool();
    const { connect, createConnectionOptions } = driver;
    this.#restore.push(
      // mysql2 warns of options that it does not know, and will refuse them one day.
      shadow(driver, 'createConnectionOptions', (...of) => {
        const { lifeguard: _, ...rest } = createConnectionOptions.apply(driver, of);
        return rest;
      }),
    );
    if (policy.mode === 'off') return;
    this.#restore.push(
      shadow(driver, 'connect', async () => {
        await connect.call(driver);
        this.#guardPool();
      }),
    );
    this.#guardRunners(policy.mode === 'on');
  }

  pools(): ReturnType<Installed['pools']> {
    return this.#pool?.pools() ?? [];
  }

  undo(): void {
    this.#undone = true;
    for (const restore of this.#restore) restore();
    this.#pool?.undo();
  }

  #guardPool(): void {
    const pool = this.#driver.poolCluster ?? this.#driver.pool;
    if (pool && !this.#undone) this.#pool = install(pool, this.#policy, this.#emitter);
  }

  #guardRunners(acts: boolean): void {
    const { createQueryRunner } = this.#driver;
    const adopt = guardedRunners((connection, sql, runner) => {
      return this.#undone || !this.#pool ? 'keep' : this.#pool.checkHeld(connection, sql, runner);
    });
    this.#restore.push(
      shadow(this.#driver, 'createQueryRunner', (mode) => {
        const runner = createQueryRunner.call(this.#driver, mode);
        if (this.#undone) return runner;
        // Where the guard came while `initialize()` was under way, the pool is only found here.
        if (!this.#pool) this.#guardPool();
        return acts ? adopt(runner) : runner;
      }),
    );
  }
}
