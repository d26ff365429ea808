import type { GoalId } from './goals.ts';

/**
 * What was tried for a goal and why it is not met, as Markdown; shown only under goals that the run
 * finds not met. No numbers here: they would be another run's.
 */
export const REMARKS: Readonly<Partial<Record<GoalId, string>>> = {};
