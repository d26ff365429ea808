/** The process stands still; what arrives meanwhile is read once it goes on. */
export function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
