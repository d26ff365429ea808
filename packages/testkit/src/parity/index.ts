/** What works bare works guarded: one scenario, run both ways, and compared. */
export { Journal } from './journal.ts';
export { parityOf } from './parity.ts';
export type { ParitySetting } from './parity.ts';
