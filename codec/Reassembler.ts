/**
 * Puts payloads together that came in fragments (spec: "Fragmentation and Reassembly"). One per connection; fragments
 * of different streams may interleave. Each fragment is copied once when it comes, for its bytes are the transport's,
 * into a pooled buffer that doubles as it fills: a payload of n bytes costs less than 3 n bytes of copying, however
 * small its fragments. Allocates nothing but the table's own growth, about 170 bytes a payload (measured).
 */
import { type DirectBuffer, ErrorCode, NO_METADATA, PayloadFlyweight, RSocketError } from '../flyweight/index.ts';
import type { BufferPool, PooledBuffer } from '../pool/index.ts';
import { decodePayload } from './decodePayload.ts';
import {
  COMPLETE,
  FOLLOWS,
  INITIAL_REQUEST_N_FIELD_OFFSET,
  METADATA,
  NEXT,
  PAYLOAD,
  REQUEST_CHANNEL,
  REQUEST_STREAM,
  U31_MASK,
} from './FrameHeaderDescriptor.ts';
import { Reassembly, type ReassemblyOwner } from './Reassembly.ts';

/** Longest payload, metadata and data together, that is put together unless said otherwise, in bytes. */
export const DEFAULT_MAX_REASSEMBLED_LENGTH: number = 16 * 1024 * 1024;
/** Most fragments of one payload unless said otherwise. */
export const DEFAULT_MAX_FRAGMENTS = 65_536;
/** Memory that unfinished and unreleased payloads of one connection may take unless said otherwise, in bytes. */
export const DEFAULT_MAX_REASSEMBLY_BYTES: number = 64 * 1024 * 1024;
/**
 * Shortest fragment taken, but the first and the last of a payload: rsocket-java's least fragment of 64 bytes counts
 * the 3 bytes of the length before it.
 */
export const MIN_INBOUND_FRAGMENT_LENGTH = 61;
/** Bytes charged for each payload beside its own. */
const OVERHEAD_BYTES = 256;

/** Limits of a `Reassembler`. */
export interface ReassemblerOptions {
  /** Longest payload, metadata and data together, in bytes. */
  readonly maxPayloadLength?: number | undefined;
  /** Most fragments of one payload. */
  readonly maxFragments?: number | undefined;
  /** Memory that unfinished and unreleased payloads may take together, in bytes. */
  readonly maxBytesPerConnection?: number | undefined;
}

export class Reassembler implements ReassemblyOwner {
  readonly #pool: BufferPool;
  readonly #maxPayloadLength: number;
  readonly #maxFragments: number;
  readonly #maxBytes: number;
  readonly #unfinished: Map<number, Reassembly> = new Map();
  /** The fragment at hand. */
  readonly #fragment: PayloadFlyweight = new PayloadFlyweight();
  #pendingBytes = 0;
  #free: Reassembly | null = null;
  #closed = false;

  constructor(
    pool: BufferPool,
    {
      maxPayloadLength = DEFAULT_MAX_REASSEMBLED_LENGTH,
      maxFragments = DEFAULT_MAX_FRAGMENTS,
      maxBytesPerConnection = DEFAULT_MAX_REASSEMBLY_BYTES,
    }: ReassemblerOptions = {},
  ) {
    this.#pool = pool;
    this.#maxPayloadLength = maxPayloadLength;
    this.#maxFragments = maxFragments;
    this.#maxBytes = maxBytesPerConnection;
  }

  /** Bytes charged for payloads that are unfinished or not yet released. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Payloads that are unfinished. */
  get pendingStreams(): number {
    return this.#unfinished.size;
  }

  /** True if more fragments of a payload on this stream are awaited. */
  isPending(streamId: number): boolean {
    return this.#unfinished.size > 0 && this.#unfinished.has(streamId);
  }

  /**
   * Takes a REQUEST_* or PAYLOAD frame that has F, or whose stream `isPending`; the caller has made
   * sure that the stream is one that may send. Any other such frame becomes a payload of one fragment, which costs a
   * copy. Not taken: a REQUEST_* on a stream whose request is unfinished, and what comes after `close`.
   *
   * @param flags as in the frame; F counts for nothing on a PAYLOAD with C
   * @returns the payload if it is whole now, to be released by the caller; null if more follows or nothing was taken
   * @throws RSocketError, and the stream's memory has been given back:
   *   ERR_FLYSOCKET_PAYLOAD_TOO_LONG, ERR_FLYSOCKET_TOO_MANY_FRAGMENTS, ERR_FLYSOCKET_FRAGMENT_TOO_SHORT,
   *   ERR_FLYSOCKET_METADATA_AFTER_DATA (INVALID: the stream has failed);
   *   ERR_FLYSOCKET_REASSEMBLY_FULL, ERR_FLYSOCKET_POOL_EXHAUSTED (REJECTED: there is no memory for it now);
   *   those of `decodePayload` (the connection has failed)
   */
  accept(
    type: number,
    flags: number,
    streamId: number,
    buffer: DirectBuffer,
    offset: number,
    length: number,
  ): Reassembly | null {
    const unfinished = this.#unfinished.get(streamId);
    if (this.#closed || (unfinished !== undefined && type !== PAYLOAD)) return null;
    const follows = (flags & FOLLOWS) !== 0 && (type !== PAYLOAD || (flags & COMPLETE) === 0);
    const reassembly = unfinished ?? this.#begin(type, streamId, buffer, offset, length);
    try {
      if (follows && unfinished !== undefined && length < MIN_INBOUND_FRAGMENT_LENGTH) throw tooShort(streamId, length);
      decodePayload(buffer, offset, length, this.#fragment);
      this.#append(reassembly, this.#fragment);
    } catch (error) {
      this.#unfinished.delete(streamId);
      this.recycle(reassembly);
      throw error;
    }
    reassembly.flags |= flags & COMPLETE;
    if (follows) return null;
    this.#unfinished.delete(streamId);
    return finish(reassembly);
  }

  /** Drops what a stream has sent of an unfinished payload, if anything: the stream was cancelled or has failed. */
  discard(streamId: number): void {
    const unfinished = this.#unfinished.get(streamId);
    if (unfinished === undefined) return;
    this.#unfinished.delete(streamId);
    this.recycle(unfinished);
  }

  /** The streams whose payload was unfinished at the last call already, and is so still. Allocates. */
  unfinishedSinceLastCall(): number[] {
    const streamIds: number[] = [];
    for (const [streamId, unfinished] of this.#unfinished) {
      if (unfinished.isOld) streamIds.push(streamId);
      unfinished.isOld = true;
    }
    return streamIds;
  }

  /** Drops all that is unfinished and takes no more. What was handed out stays valid until it is released. */
  close(): void {
    this.#closed = true;
    this.#unfinished.forEach(this.recycle, this);
    this.#unfinished.clear();
  }

  /** Takes back a payload. Called by `Reassembly.release`. */
  recycle(reassembly: Reassembly): void {
    const pooled = reassembly.pooled;
    if (pooled !== null) {
      this.#pendingBytes -= pooled.length;
      reassembly.pooled = null;
      pooled.release();
    }
    this.#pendingBytes -= OVERHEAD_BYTES;
    reassembly.payload.clear();
    reassembly.inUse = false;
    reassembly.next = this.#free;
    this.#free = reassembly;
  }

  #begin(type: number, streamId: number, buffer: DirectBuffer, offset: number, length: number): Reassembly {
    if (this.#pendingBytes + OVERHEAD_BYTES > this.#maxBytes) throw this.#full(streamId, OVERHEAD_BYTES);
    const hasInitialRequestN =
      (type === REQUEST_STREAM || type === REQUEST_CHANNEL) && length >= INITIAL_REQUEST_N_FIELD_OFFSET + 4;
    const reassembly = this.#free ?? new Reassembly(this);
    this.#free = reassembly.next;
    reassembly.next = null;
    reassembly.streamId = streamId;
    reassembly.type = type;
    reassembly.flags = type === PAYLOAD ? NEXT : 0;
    reassembly.initialRequestN = hasInitialRequestN
      ? buffer.getInt32(offset + INITIAL_REQUEST_N_FIELD_OFFSET) & U31_MASK
      : 0;
    reassembly.metadataLength = NO_METADATA;
    reassembly.dataStart = 0;
    reassembly.dataLength = 0;
    reassembly.fragments = 0;
    reassembly.isOld = false;
    reassembly.inUse = true;
    this.#pendingBytes += OVERHEAD_BYTES;
    this.#unfinished.set(streamId, reassembly);
    return reassembly;
  }

  #append(reassembly: Reassembly, fragment: PayloadFlyweight): void {
    reassembly.fragments++;
    if (reassembly.fragments > this.#maxFragments) throw tooMany(reassembly.streamId, this.#maxFragments);
    const metadataLength = fragment.metadataLength;
    const gathered = Math.max(reassembly.metadataLength, 0) + reassembly.dataLength;
    const total = gathered + Math.max(metadataLength, 0) + fragment.dataLength;
    if (total > this.#maxPayloadLength) throw tooLong(reassembly.streamId, total, this.#maxPayloadLength);
    if (metadataLength >= 0) {
      if (reassembly.dataLength > 0) throw metadataAfterData(reassembly.streamId);
      const at = Math.max(reassembly.metadataLength, 0);
      if (metadataLength > 0) {
        const pooled = this.#withRoomFor(reassembly, at + metadataLength);
        pooled.buffer.putBuffer(pooled.offset + at, fragment.metadataBuffer, fragment.metadataOffset, metadataLength);
      }
      reassembly.metadataLength = at + metadataLength;
      reassembly.dataStart = (reassembly.metadataLength + 7) & ~7;
    }
    const dataLength = fragment.dataLength;
    if (dataLength > 0) {
      const at = reassembly.dataStart + reassembly.dataLength;
      const pooled = this.#withRoomFor(reassembly, at + dataLength);
      pooled.buffer.putBuffer(pooled.offset + at, fragment.dataBuffer, fragment.dataOffset, dataLength);
      reassembly.dataLength += dataLength;
    }
  }

  /** The reassembly's buffer, grown to at least `needed` bytes. */
  #withRoomFor(reassembly: Reassembly, needed: number): PooledBuffer {
    const pooled = reassembly.pooled;
    if (pooled !== null && needed <= pooled.length) return pooled;
    const room = this.#maxBytes - this.#pendingBytes;
    if (needed > room) throw this.#full(reassembly.streamId, needed);
    const wanted = pooled === null ? 4 * needed : Math.max(2 * pooled.length, needed);
    const length = Math.max(needed, Math.min(wanted, room, this.#maxPayloadLength + 8));
    const grown = this.#pool.tryAcquire(length) ?? this.#pool.tryAcquire(needed);
    if (grown === null) throw this.#exhausted(reassembly.streamId, needed);
    this.#pendingBytes += grown.length;
    reassembly.pooled = grown;
    if (pooled !== null) {
      const used = reassembly.dataLength > 0 ? reassembly.dataStart + reassembly.dataLength : reassembly.metadataLength;
      grown.buffer.putBuffer(grown.offset, pooled.buffer, pooled.offset, used);
      this.#pendingBytes -= pooled.length;
      pooled.release();
    }
    return grown;
  }

  #full(streamId: number, needed: number): RSocketError {
    return new RSocketError(
      'ERR_FLYSOCKET_REASSEMBLY_FULL',
      `no room to reassemble: streamId=${streamId}, needed=${needed}, pendingBytes=${this.#pendingBytes}, ` +
        `maxBytesPerConnection=${this.#maxBytes}`,
      ErrorCode.REJECTED,
    );
  }

  #exhausted(streamId: number, needed: number): RSocketError {
    return new RSocketError(
      'ERR_FLYSOCKET_POOL_EXHAUSTED',
      `pool "${this.#pool.label}" has no room to reassemble: streamId=${streamId}, needed=${needed}`,
      ErrorCode.REJECTED,
    );
  }
}

function finish(reassembly: Reassembly): Reassembly {
  const { pooled, payload, metadataLength, dataStart, dataLength } = reassembly;
  payload.clear();
  if (metadataLength >= 0) reassembly.flags |= METADATA;
  payload.metadataLength = metadataLength;
  payload.dataLength = dataLength;
  if (pooled === null) return reassembly;
  payload.metadataBuffer = pooled.buffer;
  payload.metadataOffset = pooled.offset;
  payload.dataBuffer = pooled.buffer;
  payload.dataOffset = pooled.offset + dataStart;
  return reassembly;
}

function tooLong(streamId: number, length: number, maxPayloadLength: number): RSocketError {
  return new RSocketError(
    'ERR_FLYSOCKET_PAYLOAD_TOO_LONG',
    `payload too long: streamId=${streamId}, length=${length} or more, maxPayloadLength=${maxPayloadLength}`,
    ErrorCode.INVALID,
  );
}

function tooMany(streamId: number, maxFragments: number): RSocketError {
  return new RSocketError(
    'ERR_FLYSOCKET_TOO_MANY_FRAGMENTS',
    `too many fragments of one payload: streamId=${streamId}, maxFragments=${maxFragments}`,
    ErrorCode.INVALID,
  );
}

function tooShort(streamId: number, length: number): RSocketError {
  return new RSocketError(
    'ERR_FLYSOCKET_FRAGMENT_TOO_SHORT',
    `fragment too short: streamId=${streamId}, length=${length}, at least ${MIN_INBOUND_FRAGMENT_LENGTH}`,
    ErrorCode.INVALID,
  );
}

function metadataAfterData(streamId: number): RSocketError {
  return new RSocketError(
    'ERR_FLYSOCKET_METADATA_AFTER_DATA',
    `a fragment has metadata after data had begun: streamId=${streamId}`,
    ErrorCode.INVALID,
  );
}
