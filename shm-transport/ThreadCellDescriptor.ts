/**
 * One word of shared memory for each thread that drains: whether it must be woken, and how. Every link of the thread
 * hands it to its peer.
 *
 *  byte 0    +-------------------------------------------------+
 *            |  AWAKE, PARKED or BLOCKED                       |  the thread sets it, whoever wakes it clears it
 *       4    +-------------------------------------------------+
 *            |  (padding: nobody else's data on these lines)   |
 *     128    +-------------------------------------------------+
 *
 * No wake-up is lost: the sleeper stores PARKED and then looks at every ring again; the waker publishes and then loads
 * the word. All four are Atomics on this one Int32Array, so one of the two sees the other (docs/wire/link.md).
 */
export const THREAD_CELL_LENGTH = 128;

/** The thread will look at its rings by itself. */
export const AWAKE = 0;
/** The thread's event loop sleeps: a message on a port wakes it. */
export const PARKED = 1;
/** The thread sleeps in Atomics.wait on its cell. */
export const BLOCKED = 2;
