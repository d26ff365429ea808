import { tracingChannel } from 'node:diagnostics_channel';

/** What one call tells its tracers, in order, and about what. */
export interface Trace {
  readonly events: string[];
  readonly context: Record<string, unknown>;
}

/** Collects what a tracing channel is told while `run` runs. */
export async function traceOf(channel: string, run: () => Promise<unknown>): Promise<Trace[]> {
  const traces = new Map<object, Trace>();
  const note = (event: string) => (message: object) => {
    const trace = traces.get(message) ?? { events: [], context: { ...message } };
    traces.set(message, trace);
    const { error } = message as { error?: Error };
    trace.events.push(event === 'error' ? `error: ${error?.message}` : event);
  };
  const subscribers = {
    start: note('start'),
    end: note('end'),
    asyncStart: note('asyncStart'),
    asyncEnd: note('asyncEnd'),
    error: note('error'),
  };
  tracingChannel(channel).subscribe(subscribers);
  try {
    await run();
  } finally {
    tracingChannel(channel).unsubscribe(subscribers);
  }
  return [...traces.values()];
}
