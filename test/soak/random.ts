import { seeded } from '@pool-lifeguard/testkit';

/** Random choices that are the same again from the same seed. */
export interface Random {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
  /** Another sequence of its own, so that who draws more changes nothing for the others. */
  branch(): Random;
}

/** Random choices from a seed of up to 32 bits. */
export function randomFrom(seed: number): Random {
  const next = seeded(seed);
  const between = (low: number, high: number): number =>
    low + Math.floor(next() * (high - low + 1));
  return {
    between,
    chance: (probability) => next() < probability,
    pick: <T>(choices: readonly T[]) => choices[between(0, choices.length - 1)] as T,
    shuffled: (items) =>
      items
        .map((item) => ({ item, order: next() }))
        .toSorted((a, b) => a.order - b.order)
        .map(({ item }) => item),
    branch: () => randomFrom(Math.floor(next() * 2 ** 32)),
  };
}
