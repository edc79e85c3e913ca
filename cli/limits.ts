/** How long `call` waits for the connection, for an answer, and for each further item. */
export const CALL_TIMEOUT_MS = 30_000;
/** Most that is read of a file or of standard input as one payload, in bytes. */
export const MAX_INPUT_BYTES = 16_777_216;
/** Items of a channel that the reference responder takes ahead of those it has echoed. */
export const ECHO_WINDOW = 64;
/** Items that the reference responder sends in one go before others have their turn. */
export const ECHO_ITEMS_PER_TURN = 256;
/** How long `load` waits at its end for the answers that have not come. */
export const LOAD_DRAIN_TIMEOUT_MS = 5_000;
/** Requests in flight at once that `load` can be asked for. */
export const MAX_LOAD_CONCURRENCY = 65_536;
/** Connections that `load` can be asked for. */
export const MAX_LOAD_CONNECTIONS = 10_000;
/** How long `serve` lets running streams finish when it is told to end. */
export const SERVE_DEADLINE_MS = 5_000;
/** Where `serve` listens if it is not told, on TCP. */
export const SERVE_PORT = 7_878;
