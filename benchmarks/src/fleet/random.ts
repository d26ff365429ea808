/**
 * Numbers from 0 to below 1, the same ones for the same seed.
 * Source: mulberry32, https://github.com/bryc/code/blob/master/jshash/PRNGs.md
 */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How many of many independent things happen at once, when it is `mean` on average. Source: Knuth. */
export function poisson(mean: number, random: () => number): number {
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > floor; product *= random()) count++;
  return count;
}
