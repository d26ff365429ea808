const SECOND_MS = 1_000;

/** A part of the day, in seconds: `to` is not in it any more. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What one instance has dialed within the last second, and the most of that for each second of the day. */
class Busiest {
  readonly perSecond: Uint32Array;
  readonly #recent: number[][];

  constructor(instances: number, seconds: number) {
    this.perSecond = new Uint32Array(seconds);
    this.#recent = Array.from({ length: instances }, () => []);
  }

  dialed(at: number, owner: number): void {
    const recent = this.#recent[owner] ?? [];
    while (recent[0] !== undefined && recent[0] <= at - SECOND_MS) recent.shift();
    recent.push(at);
    const second = Math.floor(at / SECOND_MS);
    this.perSecond[second] = Math.max(this.perSecond[second] ?? 0, recent.length);
  }
}

/** Every dial of the fleet, by the second; and the sessions that were open at its end. */
export class DialLog {
  readonly seconds: number;
  /** Dials that began within each second. */
  readonly dials: Uint32Array;
  /** Those among them for which a borrower waited. */
  readonly awaited: Uint32Array;
  /** Sessions open on the server at the end of each second. */
  readonly open: Uint32Array;
  readonly #ofOne: Busiest;
  readonly #unawaitedOfOne: Busiest;

  constructor(instances: number, seconds: number) {
    this.seconds = seconds;
    this.dials = new Uint32Array(seconds);
    this.awaited = new Uint32Array(seconds);
    this.open = new Uint32Array(seconds);
    this.#ofOne = new Busiest(instances, seconds);
    this.#unawaitedOfOne = new Busiest(instances, seconds);
  }

  dialed(at: number, owner: number, isAwaited: boolean): void {
    const second = Math.floor(at / SECOND_MS);
    this.dials[second] = (this.dials[second] ?? 0) + 1;
    this.#ofOne.dialed(at, owner);
    if (isAwaited) this.awaited[second] = (this.awaited[second] ?? 0) + 1;
    else this.#unawaitedOfOne.dialed(at, owner);
  }

  /** The most dials of one instance within any 1 000 ms that end in this span. */
  mostOfOne(span: Span): number {
    return most(this.#ofOne.perSecond, span);
  }

  /** The same, of those for which nobody waited. */
  mostUnawaitedOfOne(span: Span): number {
    return most(this.#unawaitedOfOne.perSecond, span);
  }
}

export function most(perSecond: Uint32Array, { from, to }: Span): number {
  let greatest = 0;
  for (const value of perSecond.subarray(from, to)) greatest = Math.max(greatest, value);
  return greatest;
}

export function sum(perSecond: Uint32Array, { from, to }: Span): number {
  let total = 0;
  for (const value of perSecond.subarray(from, to)) total += value;
  return total;
}

/** The greatest of each `width` seconds of a span, for a chart. */
export function peaks(perSecond: Uint32Array, { from, to }: Span, width: number): number[] {
  const starts = Array.from(
    { length: Math.ceil((to - from) / width) },
    (_, at) => from + at * width,
  );
  return starts.map((start) => most(perSecond, { from: start, to: Math.min(to, start + width) }));
}
