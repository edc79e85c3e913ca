/**
 * How a task or a result becomes bytes.
 *
 * The default is `StructuredCloneSerializer`. Another one (CBOR, JSON, a schema of your own) is given to the pool on
 * both sides: the thread makes its own from the module that the pool names.
 */
export interface Serializer {
  /**
   * Writes `value` into `buffer` from `offset` on.
   *
   * @returns the index behind the last byte written. More than `buffer.length` says that so much would be needed: it
   * is called again with a larger buffer, and what it wrote is thrown away. `CANNOT_SERIALIZE` leaves the value to
   * structured clone.
   * @throws RangeError if `buffer` is too small and it is not known by how much: it is called again with twice as much.
   * Anything else fails the call with ERR_FLYSOCKET_SERIALIZER, the error being its `cause`. At most
   * `SERIALIZER_MAX_CALLS` calls are made for a value, with buffers of up to `SERIALIZER_MAX_LENGTH` bytes.
   */
  serialize(value: unknown, buffer: Uint8Array, offset: number): number;

  /**
   * Reads back what `serialize` wrote: `view` is exactly those bytes.
   *
   * @param view valid during the call only: its bytes are written over afterwards, so what stays of it is copied
   * @throws anything if the bytes are damaged: the call fails with ERR_FLYSOCKET_SERIALIZER, the error as its `cause`
   */
  deserialize(view: Uint8Array): unknown;
}

/** What `serialize` returns for a value that is to go by structured clone, over a MessagePort beside the link. */
export const CANNOT_SERIALIZE = -1;

/** Bytes that a serializer is first given to write into. */
export const SERIALIZER_BUFFER_LENGTH: number = 16 * 1024;

/** Bytes of a buffer that is kept for the next value, at most; a longer one is made for its value alone. */
export const SERIALIZER_KEPT_LENGTH: number = 1024 * 1024;

/** Bytes that one value may take, at most. */
export const SERIALIZER_MAX_LENGTH: number = 16 * 1024 * 1024;

/** How often a serializer is called for one value, at most. */
export const SERIALIZER_MAX_CALLS = 16;
