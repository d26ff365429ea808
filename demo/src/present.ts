/** A part that an earlier step has made. */
export function present<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the steps of a play run in order');
  return part;
}
