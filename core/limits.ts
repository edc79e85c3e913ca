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
