/**
 * Turns values into the data of payloads, and back.
 *
 * Bytes go as they are. `undefined` is no data. All else is for the serializer, and what that leaves, for the port, as
 * is everything that comes with a transfer list.
 */

import { types } from 'node:util';
import type { Transferable } from 'node:worker_threads';
import { DirectBuffer, RSocketError } from '../../flyweight/index.ts';
import { BytesReader, isSharedSlab } from './BytesReader.ts';
import { Encoding } from './Encoding.ts';
import {
  CANNOT_SERIALIZE,
  SERIALIZER_BUFFER_LENGTH,
  SERIALIZER_KEPT_LENGTH,
  SERIALIZER_MAX_CALLS,
  SERIALIZER_MAX_LENGTH,
  type Serializer,
} from './Serializer.ts';
import { bufferOfBytes, byteLengthOfBytes, byteOffsetOfBytes } from './slots.ts';
import type { ValuePort } from './ValuePort.ts';

export { Encoding } from './Encoding.ts';

/** Bytes of a value that are copied into the codec's own buffer, at most; more are sent from where they lie. */
const COPIED_BYTES = 4096;
/** Bytes of the number of a posted value. */
const NUMBER_LENGTH = 4;
const EMPTY = new DirectBuffer(new ArrayBuffer(0));

export class ValueCodec {
  readonly #serializer: Serializer;
  readonly #port: ValuePort;
  readonly #reader = new BytesReader();
  #scratch: DirectBuffer = newScratch(SERIALIZER_BUFFER_LENGTH);
  #serializing = false;

  /** Of the value that was encoded last: one of `Encoding`. */
  encoding = 0;
  /** Where its data lies, until the next call of `encode`. */
  buffer: DirectBuffer = EMPTY;
  offset = 0;
  length = 0;

  constructor(serializer: Serializer, port: ValuePort) {
    this.#serializer = serializer;
    this.#port = port;
  }

  /**
   * Prepares `value` for sending: `encoding` and where the data lies are then to be read here. Large bytes lie where
   * the caller has them; all else is in a buffer of the codec. Encode once and send once: what goes by the port is
   * posted here. Bytes that are to be transferred, but came as a part of a slab, are copied.
   *
   * @throws what `structuredClone` throws, a DataCloneError in the first place; RSocketError
   * ERR_FLYSOCKET_SERIALIZER if the serializer fails, lies about lengths or wants more than `SERIALIZER_MAX_LENGTH`
   */
  encode(value: unknown, transferList?: readonly Transferable[] | undefined): void {
    const along = transferList?.some(isSharedSlab) ? transferList.filter((each) => !isSharedSlab(each)) : transferList;
    if (along !== undefined && along.length > 0) this.#post(value, along);
    else if (value === undefined) this.#set(Encoding.NONE, EMPTY, 0);
    else if (types.isUint8Array(value)) this.#encodeBytes(value);
    else this.#serialize(value);
  }

  /**
   * The value in `length` bytes of `buffer` from `offset` on. Nothing of it refers to `buffer`.
   *
   * @param encoding as the call's header says
   * @throws RSocketError ERR_FLYSOCKET_SERIALIZER if the bytes are damaged, ERR_FLYSOCKET_VALUE_LOST
   */
  decode(encoding: number, buffer: DirectBuffer, offset: number, length: number): unknown {
    switch (encoding) {
      case Encoding.NONE:
        return undefined;
      case Encoding.BYTES:
        return this.#reader.copyOf(buffer, offset, length);
      case Encoding.PART:
        return this.#reader.pooledCopyOf(buffer, offset, length);
      case Encoding.SERIALIZED:
        return this.#deserialize(buffer, offset, length);
      case Encoding.PORT:
        if (length === NUMBER_LENGTH) return this.#port.receive(buffer.getUint32(offset));
    }
    throw failure(`no value: encoding=${encoding}, length=${length}`);
  }

  /** Lets go of the value in data that nobody will read. */
  discard(encoding: number, buffer: DirectBuffer, offset: number, length: number): void {
    if (encoding === Encoding.PORT && length === NUMBER_LENGTH) this.#port.discard(buffer.getUint32(offset));
  }

  #set(encoding: number, buffer: DirectBuffer, length: number): void {
    this.encoding = encoding;
    this.buffer = buffer;
    this.offset = 0;
    this.length = length;
  }

  #post(value: unknown, transferList?: readonly Transferable[]): void {
    const number = this.#port.post(value, transferList);
    this.#scratch.putInt32(0, number | 0);
    this.#set(Encoding.PORT, this.#scratch, NUMBER_LENGTH);
  }

  #encodeBytes(value: Uint8Array): void {
    const length = byteLengthOfBytes.call(value);
    const memory = bufferOfBytes.call(value);
    if (length === 0 || types.isSharedArrayBuffer(memory)) {
      // Shared memory is to stay shared, and what is empty may be detached, of which structured clone throws.
      this.#post(value);
      return;
    }
    const encoding = length === memory.byteLength ? Encoding.BYTES : Encoding.PART;
    if (length > COPIED_BYTES) {
      this.#set(encoding, new DirectBuffer(memory, byteOffsetOfBytes.call(value), length), length);
    } else {
      this.#scratch.bytes.set(value, 0);
      this.#set(encoding, this.#scratch, length);
    }
  }

  #serialize(value: unknown): void {
    // What runs within the serializer, a getter say, may encode something itself: it gets a buffer of its own.
    const nested = this.#serializing;
    if (nested) this.#scratch = newScratch(SERIALIZER_BUFFER_LENGTH);
    this.#serializing = true;
    try {
      this.#serializeInto(this.#scratch, value);
    } finally {
      this.#serializing = nested;
    }
  }

  #serializeInto(scratch: DirectBuffer, value: unknown): void {
    let target = scratch;
    let end = this.#callSerializer(value, target);
    for (let calls = 1; end > target.capacity; calls++) {
      if (calls === SERIALIZER_MAX_CALLS) throw failure(`the serializer wanted more room ${calls} times, now ${end}`);
      target = newScratch(Math.min(SERIALIZER_MAX_LENGTH, Math.max(end, 2 * target.capacity)));
      if (target.capacity <= SERIALIZER_KEPT_LENGTH) this.#scratch = target;
      end = this.#callSerializer(value, target);
    }
    if (end === CANNOT_SERIALIZE) this.#post(value);
    else this.#set(Encoding.SERIALIZED, target, end);
  }

  /** @returns the index behind the value, or CANNOT_SERIALIZE, or the length that is needed */
  #callSerializer(value: unknown, target: DirectBuffer): number {
    const capacity = target.capacity;
    let end: unknown;
    try {
      end = this.#serializer.serialize(value, target.bytes, 0);
    } catch (cause) {
      if (cause instanceof RangeError && capacity < SERIALIZER_MAX_LENGTH) return capacity + 1;
      throw failure(`the serializer failed: ${String(cause)}`, cause);
    }
    if (Number.isInteger(end) && (end as number) >= CANNOT_SERIALIZE && (end as number) <= SERIALIZER_MAX_LENGTH) {
      return end as number;
    }
    throw failure(`the serializer returned ${String(end)} for a buffer of ${capacity}, max=${SERIALIZER_MAX_LENGTH}`);
  }

  #deserialize(buffer: DirectBuffer, offset: number, length: number): unknown {
    const view = this.#reader.view(buffer, offset, length);
    try {
      return this.#serializer.deserialize(view);
    } catch (cause) {
      throw failure(`${length} bytes can't be read: ${String(cause)}`, cause);
    }
  }
}

function newScratch(length: number): DirectBuffer {
  return new DirectBuffer(new ArrayBuffer(length));
}

function failure(message: string, cause?: unknown): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_SERIALIZER', message, undefined, cause === undefined ? undefined : { cause });
}
