/** Bytes of frames, their overheads included, that wait for room in a transport before the connection is closed. */
export const COMPAT_OUTBOUND_BYTES = 67_108_864;
/** Bytes of frames, their overheads included, that wait until whoever they are for has installed his handlers. */
export const COMPAT_HELD_BYTES = 16_777_216;
/** How long what waits for room may still leave once the connection has been closed here. */
export const COMPAT_LINGER_TIMEOUT_MS = 5_000;
