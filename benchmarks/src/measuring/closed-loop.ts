import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Readings } from './figures.ts';

/** Told the fate of a statement. */
export type Answered = (error: Error | null) => void;
/** Sends one statement. */
export type Ask = (answered: Answered) => void;

/** `atOnce` callers, each of whom asks again as soon as he was answered, for `ms`. */
function closedLoop(ask: Ask, atOnce: number, ms: number): Promise<Readings> {
  return new Promise((resolve, reject) => {
    // Outside of the heap, so that the latencies themselves make no garbage.
    const latencies = createHistogram();
    const cpu = process.cpuUsage();
    const start = performance.now();
    let callers = atOnce;
    const next = (): void => {
      const sent = performance.now();
      ask((error) => {
        if (error) return reject(error);
        const now = performance.now();
        latencies.record(Math.max(1, Math.round((now - sent) * 1e6)));
        if (now - start < ms) next();
        else if (--callers === 0) resolve(readings(latencies, now - start, process.cpuUsage(cpu)));
      });
    };
    for (let caller = 0; caller < atOnce; caller++) next();
  });
}

/** The same after a tenth of it to warm up. */
export function warmLoop(atOnce: number, ms: number): (ask: Ask) => Promise<Readings> {
  return async (ask) => {
    await closedLoop(ask, atOnce, ms / 10);
    return closedLoop(ask, atOnce, ms);
  };
}

/** `latencies` are in nanoseconds. */
function readings(latencies: RecordableHistogram, ms: number, cpu: NodeJS.CpuUsage): Readings {
  return {
    throughput: (latencies.count / ms) * 1000,
    p50: latencies.percentile(50) / 1000,
    p99: latencies.percentile(99) / 1000,
    cpu: (cpu.user + cpu.system) / latencies.count,
  };
}
