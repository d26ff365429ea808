import type { LifeguardOptions } from '@pool-lifeguard/mysql2';
import type { Side } from '../measuring/compare.ts';
import type { Opened, Opening } from './opened.ts';

/** How a side is guarded, by the name of the side; undefined: not at all. */
export const BARE = { name: 'bare', guarding: undefined } as const;
export const GUARDED = { name: 'guarded', guarding: {} } as const;
/** As pools do that validate at every borrow. */
export const PINGING = {
  name: 'guarded, ping always',
  guarding: { aliveBypassWindow: 0, pingIdleAfter: 0 },
} as const;

/** What a side is called and how it is guarded. */
export interface Way {
  readonly name: string;
  readonly guarding: LifeguardOptions | undefined;
}

/** Several sides that are open, all to be closed together. */
export interface OpenSides<T> {
  readonly sides: readonly Side<T>[];
  readonly opened: readonly Opened<T>[];
  close(): Promise<void>;
}

/** Opens the same subject once for each way. */
export async function openSides<T>(
  open: (opening: Opening) => Promise<Opened<T>>,
  opening: Omit<Opening, 'guarding'>,
  ways: readonly Way[] = [BARE, GUARDED],
): Promise<OpenSides<T>> {
  const opened: Opened<T>[] = [];
  const sides: Side<T>[] = [];
  for (const { name, guarding } of ways) {
    const one = await open({ ...opening, guarding });
    opened.push(one);
    sides.push({ name, subject: one.subject });
  }
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((one) => one.close()));
  };
  return { sides, opened, close };
}
