/** The limits of pools and their defaults; docs/limits.md lists them. */

/** Calls that may wait for a thread, whatever `maxQueue` says. */
export const MAX_QUEUED_CALLS = 1_000_000;
/** Functions, by file and name, that one pool or one worker may call. */
export const MAX_CALL_TARGETS = 65_535;
/** Items that a stream asks for ahead of its reader. */
export const CALL_PREFETCH = 256;
/** How long a function that was given up may take to end, before its thread is looked at. */
export const ABORT_GRACE_MS = 100;
/** How long a thread may take to give a sign of life that is asked for it. */
export const SIGN_OF_LIFE_TIMEOUT_MS = 5_000;
/** How long a thread may take to start and to load its file. */
export const THREAD_START_TIMEOUT_MS = 60_000;
/** How long is waited to learn why a thread has ended. */
export const DEATH_NOTICE_TIMEOUT_MS = 1_000;
/** How long `close` waits for what runs. */
export const POOL_CLOSE_TIMEOUT_MS = 30_000;
/** How often a call that no thread has begun is given to another one, after the one that it was given to has died. */
export const MAX_CALL_RETRIES = 8;
/** Calls of one worker to its parent that may wait for room in the link. */
export const MAX_WAITING_PARENT_CALLS = 65_536;
/** Bytes of a value that frames carry; those of a longer one go by the port, which has no bound and copies them too. */
export const MAX_FRAMED_BYTES = 8_388_608;
/** Bytes of answers that wait for room in a link; longer answers beyond that go by the port. */
export const MAX_QUEUED_ANSWER_BYTES = 16_777_216;
/** Bytes of memory of `allocate` that go by reference; more are copied, by the port. */
export const MAX_REFERENCED_BYTES = 33_554_432;
