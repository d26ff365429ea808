import { moment } from './moment.ts';

/** What a fault does to the application. */
export type Effect =
  /** It takes connections away, and with them what is under way on them. */
  | 'severs'
  /** It takes away connections on which nothing is under way. */
  | 'severs idle'
  /** No connection can be opened. */
  | 'outage'
  /** Writes are refused. */
  | 'read-only';

/** A fault as it happened, by the clock that processes share. */
export interface Incident {
  readonly fault: string;
  readonly effects: readonly Effect[];
  readonly from: number;
  readonly to: number;
  /** So long afterwards it may still be felt. */
  readonly aftermathMs: number;
}

/**
 * So long after a fault a statement may still be sent on a connection that it took. One that was used
 * within `aliveBypassWindow`, which is 500 ms, is lent without a look; and a busy process may have read
 * the last answer on it some time after the fault, and its end not yet.
 */
const AFTERMATH_MS = 700;

/** All that was done to the application, and when. */
export class Incidents {
  readonly all: Incident[] = [];

  /** Does it, and notes how long it took. */
  async during(
    fault: string,
    effects: readonly Effect[],
    act: () => unknown,
    aftermathMs = AFTERMATH_MS,
  ): Promise<void> {
    const from = moment();
    await act();
    this.all.push({ fault, effects, from, to: moment(), aftermathMs });
  }

  /** Those of an effect that were felt between two moments. */
  felt(effect: Effect, from: number, to: number): Incident[] {
    return this.all.filter(
      (incident) =>
        incident.effects.includes(effect) &&
        incident.from <= to &&
        incident.to + incident.aftermathMs >= from,
    );
  }

  /** For how much of the time between two moments an effect was there. */
  durationOf(effect: Effect, from: number, to: number): number {
    const parts = this.all.filter(({ effects }) => effects.includes(effect));
    const lengths = parts.map((part) => Math.min(to, part.to) - Math.max(from, part.from));
    return lengths.reduce((sum, length) => sum + Math.max(0, length), 0);
  }
}
