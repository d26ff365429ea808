import type { Visit } from '../application/users.ts';

/** Users before anything happens: two questions each. */
export const BEFORE: Visit = { rounds: 2, everyMs: 250 };

/** Users afterwards: three questions each. */
export const AFTER: Visit = { rounds: 3, everyMs: 250 };

/** Users who come once. */
export const ONCE: Visit = { rounds: 1, everyMs: 0 };
