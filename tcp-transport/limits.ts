/** Bytes committed that the system has not taken yet, from which on claims are refused. */
export const TCP_HIGH_WATER_BYTES = 262_144;
/** Longest frame that is sent unless said otherwise, in bytes: with its length it fills the largest shared slab. */
export const TCP_FRAME_LENGTH = 65_533;
/** Time in which a frame that has begun to arrive must be whole. */
export const PARTIAL_FRAME_TIMEOUT_MS = 30_000;
/** Time that the peer has to take what was sent and to end its side, once this side has ended. */
export const LINGER_TIMEOUT_MS = 5_000;
/** Time in which a connection must be made, the handshake of TLS included. */
export const TCP_CONNECT_TIMEOUT_MS = 10_000;
/** Sockets of a server beyond its `maxConnections`: of clients that are told so, and of ended ones that linger. */
export const MAX_EXTRA_SOCKETS = 64;
