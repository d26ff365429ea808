import type { Roster } from './roster.ts';

/**
 * How long a statement under way may be silent once its pool ends. HikariCP, too, aborts what is still
 * lent when it is shut down.
 */
const PATIENCE_MS = 10_000;

/**
 * Sees a pool that ends to its end, though nobody may answer any more: connections at rest, which only
 * have to say goodbye, are closed after `validationTimeout`, and statements under way are given up with
 * `error` when nothing was heard of them for ten seconds. To be called just before the pool itself ends.
 */
export function closeInTime<C extends object>(roster: Roster<C>, error: Error): void {
  const { driver, clock, policy } = roster;
  const resting = [...driver.idle()];
  const heardOf = (connection: C): number | undefined =>
    driver.busy(connection) ? driver.bytesRead(connection) : undefined;
  /** What had been heard of the statement under way on each, at the check before. */
  const lent = new Map<C, number | undefined>();
  for (const connection of driver.lent()) lent.set(connection, heardOf(connection));
  const closeResting = (): void => resting.forEach((connection) => driver.discard(connection));
  if (resting.length > 0) clock.timer(policy.validationTimeoutMs, closeResting, 'idle');
  const check = (): void => {
    for (const [connection, heard] of lent) {
      const bytes = heardOf(connection);
      lent.set(connection, bytes);
      const isSilent = bytes !== undefined && bytes === heard;
      if (!isSilent && !driver.hungUp(connection)) continue;
      lent.delete(connection);
      driver.discard(connection, error);
    }
    watch();
  };
  const watch = (): void => {
    if (lent.size > 0) clock.timer(PATIENCE_MS, check, 'idle');
  };
  watch();
}
