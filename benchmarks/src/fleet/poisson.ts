/** How many of many independent things happen at once, when it is `mean` on average. Source: Knuth. */
export function poisson(mean: number, random: () => number): number {
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > floor; product *= random()) count++;
  return count;
}
