/** Seconds after which an idle connection is closed in a scene, and in one where it is not. */
export const IDLE_LIMIT_SECONDS = { short: 3, long: 600 } as const;
