/** Seconds without a statement after which the server closes a connection. */
export const WAIT_TIMEOUT_S = 3;
/** Surely past it: the server's own clock has a grain of one second. */
export const PAST_IT_MS = 4_500;
