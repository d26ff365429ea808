import { availableParallelism, cpus, loadavg } from 'node:os';

/** Where and when figures were measured. */
export interface Machine {
  readonly date: string;
  readonly node: string;
  /** The operating system and the processor's kind. */
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  /** Processes that wanted to run, over the last minute before the start. */
  readonly loadAverage: number;
}

/** The machine as it is now: to be asked before the benchmarks load it. */
export function thisMachine(): Machine {
  return {
    date: new Date().toISOString(),
    node: process.version,
    system: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    loadAverage: loadavg()[0] ?? NaN,
  };
}

/** Whether the sources are measured, through a transpiler, and not the packages as they ship. */
export function runsFromSource(): boolean {
  return import.meta.resolve('@pool-lifeguard/mysql2').endsWith('.ts');
}

/** Whether other work takes so much of the machine that figures are noisy. */
export function isBusy({ loadAverage, cores }: Machine): boolean {
  return loadAverage > cores / 2;
}
