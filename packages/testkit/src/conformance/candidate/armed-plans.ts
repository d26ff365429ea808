import { existsSync, stat, writeFileSync } from 'node:fs';
import type { ArmedPlan, BlockOrder, Collected } from '../orders.ts';
import { perform } from './perform.ts';
import type { Target } from './targets.ts';

/** Plans that begin by themselves, at a moment when nobody could tell the process to begin them. */
export class ArmedPlans {
  readonly #find: (name: string) => Target;
  readonly #results = new Map<string, Promise<Collected>>();
  readonly #waiting: (() => void)[] = [];

  constructor(find: (name: string) => Target) {
    this.#find = find;
  }

  /** Starts the timers of plans that begin from one; the others wait for `go`. */
  arm(plans: readonly ArmedPlan[]): void {
    for (const plan of plans) {
      const begin = this.#prepare(plan);
      if (plan.from === 'now') begin();
      else if (plan.from === 'timer') setTimeout(begin, plan.afterMs);
      else this.#waiting.push(() => beginFrom(plan.from, begin));
    }
  }

  /** Begins the waiting plans; called in an I/O callback, as all commands are. */
  go(): void {
    for (const begin of this.#waiting.splice(0)) begin();
  }

  /**
   * Blocks the event loop, from within an I/O callback, until the end file is there. Whatever
   * begins the plans had come due by then, so no poll phase lies between the block and them.
   */
  block({ plans, begunFile, endFile }: BlockOrder): void {
    stat(process.execPath, () => {
      const atOnce: (() => void)[] = [];
      for (const plan of plans) {
        const begin = this.#prepare(plan);
        if (plan.from === 'I/O callback' || plan.from === 'now') atOnce.push(begin);
        else beginFrom(plan.from, begin);
      }
      writeFileSync(begunFile, '');
      while (!existsSync(endFile)) pause(5);
      for (const begin of atOnce) begin();
    });
  }

  /** Resolves with what became of the plan on that target. */
  async collect(name: string): Promise<Collected> {
    const result = this.#results.get(name);
    if (!result) throw new Error(`there is no plan on ${name}`);
    return result;
  }

  #prepare(plan: ArmedPlan): () => void {
    const target = this.#find(plan.on);
    let begin: () => void = () => {};
    const result = new Promise<Collected>((resolve) => {
      begin = () => {
        const begunAt = Date.now();
        void perform(target, plan).then((outcomes) => resolve({ outcomes, begunAt }));
      };
    });
    this.#results.set(plan.on, result);
    return begin;
  }
}

function beginFrom(from: ArmedPlan['from'], begin: () => void): void {
  if (from === 'timer') setTimeout(begin, 1);
  else if (from === 'setImmediate') setImmediate(begin);
  else if (from === 'promise job') void Promise.resolve().then(begin);
  else begin();
}

const never = new Int32Array(new SharedArrayBuffer(4));

function pause(ms: number): void {
  Atomics.wait(never, 0, 0, ms);
}
