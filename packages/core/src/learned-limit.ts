import { marginMs } from './server-limits.ts';

/** Nothing on the way gives up an idle connection sooner; what closes one earlier has another cause. */
const LEAST_MS = 1_000;
/** Closes within so short a time have one cause; an idle limit ends connections of one age only. */
const BURST_MS = 1_000;
/** So long after a close it may still turn out what had caused it. */
const HINDSIGHT_MS = 60_000;
/** How long it is relied on: then one connection may show whether it still holds. */
const HOLD_MS = 10 * 60_000;
/** So long it counts that a longer rest was survived. */
const SURVIVAL_COUNTS_MS = 10 * 60_000;

/** A connection at rest that the other side has closed. */
export interface IdleClose {
  /** How long it had rested at the most. */
  readonly idleMs: number;
  /** The server's own limit for it, where that is known. */
  readonly waitTimeoutMs: number | undefined;
  /** The longest rest among those that are open. */
  readonly longestRestMs: number;
}

/**
 * An idle limit that nobody announces, of a balancer or a firewall on the way to the server: learned
 * from connections that are closed at an idle age and for no other reason that is known.
 */
export class LearnedLimit {
  /** The idle time to stay below, before jitter; `Infinity` while none is known. */
  idleMs = Infinity;
  /** The longest rest after which the server was heard again, lately. */
  survivedMs = 0;
  /** Until then that counts. */
  survivalEndsAt = -Infinity;
  #heldUntil = Infinity;
  #excusedUntil = -Infinity;
  /** The latest close, and what was known before its burst. */
  #burst = { at: -Infinity, ageMs: 0, idleMsBefore: Infinity };

  /** The server was heard after a rest longer than `survivedMs`, or when that counts no more. */
  survived(restMs: number, now: number): void {
    this.survivedMs = restMs;
    this.survivalEndsAt = now + SURVIVAL_COUNTS_MS;
    // Nothing has ended this one where it was thought to.
    if (restMs - marginMs(restMs) > this.idleMs) this.idleMs = Infinity;
  }

  /** A connection was closed at rest. Returns whether that lowered the limit. */
  closed({ idleMs, waitTimeoutMs, longestRestMs }: IdleClose, now: number): boolean {
    const known = this.idleMs;
    const margin = marginMs(idleMs);
    const { at, ageMs, idleMsBefore } = this.#burst;
    const isBurst = now - at < BURST_MS;
    this.#burst = { at: now, ageMs: idleMs, idleMsBefore: isBurst ? idleMsBefore : known };
    if (isBurst && Math.abs(idleMs - ageMs) > margin) {
      this.excuse(now);
      return false;
    }
    const isKnown = waitTimeoutMs !== undefined && idleMs >= waitTimeoutMs - margin;
    // One that has rested for nearly as long would have been closed with it.
    const isSurvived = longestRestMs > idleMs - margin || this.#survival(now) > idleMs + margin;
    if (idleMs < LEAST_MS || isKnown || isSurvived || now < this.#excusedUntil) return false;
    this.#heldUntil = now + HOLD_MS;
    this.idleMs = Math.min(known, idleMs - margin);
    return this.idleMs < known;
  }

  /** Something else than idleness ends connections now: the closes around it teach nothing. */
  excuse(now: number): void {
    const { at, idleMsBefore } = this.#burst;
    if (now - at < HINDSIGHT_MS) this.idleMs = idleMsBefore;
    this.#excusedUntil = now + BURST_MS;
  }

  /** Forgets what has been relied on for long. */
  review(now: number): void {
    if (now >= this.#heldUntil) this.idleMs = Infinity;
  }

  #survival(now: number): number {
    return now < this.survivalEndsAt ? this.survivedMs : 0;
  }
}
