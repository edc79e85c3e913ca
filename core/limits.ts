/** The core's limits and their defaults; docs/limits.md lists them with those of the other rooms. */

/** Streams open at once on one connection, both directions together. Requests above are REJECTED. */
export const MAX_STREAMS = 262_144;
/** Bytes that may wait in the outbound queue of one connection before it is closed. */
export const MAX_OUTBOUND_BYTES = 67_108_864;
/** Items that an AsyncIterable asks for ahead of its reader. */
export const PREFETCH = 64;
/** Items that an iterable may send in one go before whatever has arrived meanwhile has its turn. */
export const ITEMS_PER_TURN = 256;
/** High-level requests that may wait for room in the transport. */
export const MAX_WAITING_REQUESTS = 65_536;
/** High-level requests that may wait for a lease. */
export const MAX_PENDING_REQUESTS = 256;
/** How long what is left of a lease that was replaced is allowed on top of the new one. */
export const LEASE_GRACE_MS = 5_000;
/** Handlers of the high level that were started and have not finished, also if their requester has gone. */
export const MAX_RUNNING_HANDLERS = 65_536;
/** How long a server waits for SETUP. */
export const TIME_TO_FIRST_FRAME_MS = 10_000;
/** How long a server's responder may think about a SETUP. */
export const ACCEPT_TIMEOUT_MS = 10_000;
/** Bytes of frames that wait, overheads included, until their SETUP has been accepted. */
export const MAX_HELD_BYTES = 1_048_576;
/** The longest silence that a server grants a client, whatever its SETUP says. */
export const MAX_ACCEPTED_LIFETIME_MS = 600_000;
/** Bytes of data in a KEEPALIVE that is answered. */
export const MAX_KEEP_ALIVE_DATA_LENGTH = 65_536;
/** Requests of the peer that it may cancel within a second. */
export const MAX_CANCELS_PER_SECOND = 20_000;
/** Errors that the peer may cause within a second: requests that are rejected or invalid, items beyond its credit. */
export const MAX_PROVOKED_ERRORS_PER_SECOND = 10_000;
/** How long a payload in fragments may take to become whole; it is over after twice that at the latest. */
export const PARTIAL_PAYLOAD_TIMEOUT_MS = 60_000;
/** How long `close` waits for the streams that run. */
export const SHUTDOWN_DEADLINE_MS = 5_000;
/** Connections that a server has at once. */
export const MAX_CONNECTIONS = 65_536;
