/** The two runs of the same application. */
export type Side = 'bare' | 'guarded';

/** Both, in the order in which they are shown. */
export const SIDES: readonly Side[] = ['bare', 'guarded'];

/**
 * Makes something for each side, both at the same time. Where one fails, that is told when the
 * other is done too, so that nothing goes on unseen.
 */
export async function forBoth<T>(make: (side: Side) => Promise<T>): Promise<Record<Side, T>> {
  const [bare, guarded] = await Promise.allSettled([make('bare'), make('guarded')]);
  return { bare: valueOf(bare), guarded: valueOf(guarded) };
}

function valueOf<T>(outcome: PromiseSettledResult<T>): T {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}
