/**
 * What calls say of themselves, in the metadata of their frames. Big-endian.
 *
 *   offset    0        1          2        3      4               6
 *             +--------+----------+--------+------+---------------+---------------+
 *   request   | kind   | encoding | flags  | 0    | slot          | target        |   8 bytes
 *             +--------+----------+--------+------+---------------+---------------+
 *   item      | 0      | encoding | flags  | 0    |                                   4 bytes; an answer is one, too
 *             +--------+----------+--------+------+
 *
 *   kind      CallKind: what is asked
 *   encoding  Encoding: how the value in the data is written
 *   flags     CallFlag: what else there is to know of it
 *   slot      where the thread notes that it has begun the call (StartedCalls), or NO_SLOT
 *   target    number of the function, which a DEFINE has told before on the same link
 *
 * An item without metadata is bytes without flags: the usual case saves 7 bytes of the frame.
 *
 * Data of a DEFINE: its target's `filename` and `name` as UTF-8, with a zero byte between. Data of an ABORT: the stream
 * id of the call to be given up, as int32.
 */
export const CALL_HEADER_LENGTH = 8;
export const ITEM_HEADER_LENGTH = 4;
export const TARGET_OFFSET = 4;
export const NO_SLOT = 0xffff;

export const CallKind = {
  /** Calls the target with the value. */
  CALL: 1,
  /** Says which function a target is. By fire-and-forget, as ABORT. */
  DEFINE: 2,
  /** The caller has given a call up. Its stream goes on until the function has ended. */
  ABORT: 3,
  /** Asks for a sign of life: answered at once, with nothing. */
  PING: 4,
} as const;

export const CallFlag = {
  /** The value was thrown, not returned. On a stream nothing follows. */
  THROWN: 1,
  /** What was thrown cannot be sent: the value describes it. */
  DESCRIBED: 2,
  /** The data is memory that its sender has allocated for this: it is shown where it lies, until the call has ended. */
  IN_PLACE: 4,
  /** Nobody waits for the result: the answer is empty. */
  DISCARD: 8,
  /** Opens a channel; it carries no item. */
  OPENING: 16,
  /** What the encoding tells of lies at the port: the data is its number, a uint32. */
  POSTED: 32,
} as const;

/** The first word of a header. */
export function headerWord(kind: number, encoding: number, flags: number): number {
  return (kind << 24) | (encoding << 16) | (flags << 8);
}

/** Its `CallKind`. */
export function kindIn(word: number): number {
  return word >>> 24;
}

/** Its `Encoding`. */
export function encodingIn(word: number): number {
  return (word >>> 16) & 0xff;
}

/** Its `CallFlag`s. */
export function flagsIn(word: number): number {
  return (word >>> 8) & 0xff;
}
