/** The first time between a connection that failed or was lost and the next attempt. */
export const RECONNECT_INITIAL_DELAY_MS = 100;
/** The longest time between two attempts. */
export const RECONNECT_MAX_DELAY_MS = 30_000;
/** What each delay is multiplied by to be the next. */
export const RECONNECT_FACTOR = 2;
/** Share of a delay that chance may take off it. */
export const RECONNECT_JITTER = 0.5;
/** How long a connection must have lasted before the delays begin anew. */
export const RECONNECT_STABLE_MS = 5_000;
/** Requests that may wait for a connection. */
export const MAX_REQUESTS_WITHOUT_CONNECTION = 1_024;
/** How long a request waits for a connection. */
export const WAIT_FOR_CONNECTION_MS = 10_000;
