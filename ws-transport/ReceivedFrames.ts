/**
 * The way in of a connection that takes its messages apart itself: cuts the bytes of a socket into messages, whatever
 * the chunks in which they come (RFC 6455, 5).
 *
 *   pending   | header, frame | header, frame | header, fra          each chunk is copied to the end, in one piece;
 *             ^ read                                      ^ written  frames are unmasked and shown where they lie
 *
 *   parts     | payload | payload |                                  only of a message in several frames
 *
 * What a header announces is not taken for granted: `pending` holds what has come, and at most as much again; between
 * messages it holds nothing. Allocates nothing of its own.
 */
import type { DirectBuffer } from '../flyweight/index.ts';
import type { BufferPool, PooledBuffer } from '../pool/index.ts';
import { CloseCode } from './CloseCode.ts';
import {
  BINARY,
  CLOSE,
  CONTINUATION,
  FIN_BIT,
  LENGTH_BITS,
  LENGTH_IS_16_BITS,
  LENGTH_IS_64_BITS,
  LONGEST_CONTROL_PAYLOAD,
  MASK_BIT,
  MASK_LENGTH,
  OPCODE_BITS,
  PING,
  PONG,
  RESERVED_BITS,
  TEXT,
} from './FrameHeaderDescriptor.ts';
import { maskBytes } from './maskBytes.ts';

/** Memory for a piece of a frame that waits for the rest, at least. */
const MIN_PENDING_LENGTH = 2_048;

/** Who gets the messages. What lies in `buffer` is valid until the call returns. */
export interface MessageSink {
  onMessage(buffer: DirectBuffer, offset: number, length: number): void;
  onText(): void;
  onPing(buffer: DirectBuffer, offset: number, length: number): void;
  /** The last call, as is `onViolation`. */
  onPeerClose(code: number, reason: string): void;
  /** The peer broke the rules, or has sent more than is allowed. @param code for our Close */
  onViolation(code: number, message: string): void;
}

export class ReceivedFrames {
  /** Messages that were whole. */
  messages: number;
  readonly #pool: BufferPool;
  readonly #masked: boolean;
  readonly #maxMessageLength: number;
  readonly #sink: MessageSink;
  #stopped: boolean;
  #pending: PooledBuffer | null;
  /** From the start of `#pending`. */
  #read: number;
  #written: number;
  /** Of the frame whose first bytes are pending, header included, as far as that is known. */
  #needed: number;
  #parts: PooledBuffer | null;
  #partsLength: number;
  /** Opcode of the message that has begun and not ended; 0 between messages. */
  #opcode: number;

  /** @param masked true for a server: only what clients send is masked */
  constructor(pool: BufferPool, masked: boolean, maxMessageLength: number, sink: MessageSink) {
    this.messages = 0;
    this.#pool = pool;
    this.#masked = masked;
    this.#maxMessageLength = maxMessageLength;
    this.#sink = sink;
    this.#stopped = false;
    this.#pending = null;
    this.#read = 0;
    this.#written = 0;
    this.#needed = 0;
    this.#parts = null;
    this.#partsLength = 0;
    this.#opcode = 0;
  }

  /** A message has begun and is not whole. */
  get isPartial(): boolean {
    return this.#pending !== null || this.#parts !== null;
  }

  /** Takes what has come. Not to be called from within the sink. */
  read(chunk: Uint8Array): void {
    if (this.#stopped || chunk.length === 0) return;
    const pending = this.#makeRoom(chunk.length);
    if (pending === null) {
      this.#fail(CloseCode.TRY_AGAIN_LATER, `no memory for ${chunk.length} bytes`);
      return;
    }
    pending.buffer.bytes.set(chunk, pending.offset + this.#written);
    this.#written += chunk.length;
    while (this.#readFrame(pending));
    if (this.#stopped) this.release();
    else this.#shrink();
  }

  /** Gives all memory back, and takes nothing any more. Not to be called from within the sink. */
  release(): void {
    this.#stopped = true;
    this.#pending?.release();
    this.#pending = null;
    this.#parts?.release();
    this.#parts = null;
  }

  /** @returns true if there may be one more */
  #readFrame(pending: PooledBuffer): boolean {
    const { buffer } = pending;
    const available = this.#written - this.#read;
    if (this.#stopped || available < 2) return false;
    const start = pending.offset + this.#read;
    const first = buffer.getUint8(start);
    const second = buffer.getUint8(start + 1);
    const opcode = first & OPCODE_BITS;
    const isLast = (first & FIN_BIT) !== 0;
    let headerLength = 2;
    let length = second & LENGTH_BITS;
    const rule = this.#brokenRule(first, second, opcode, isLast, length);
    if (rule !== '') return this.#fail(CloseCode.PROTOCOL_ERROR, rule);
    if (length === LENGTH_IS_16_BITS) {
      if (available < 4) return false;
      length = buffer.getUint16(start + 2);
      headerLength = 4;
    } else if (length === LENGTH_IS_64_BITS) {
      if (available < 10) return false;
      length = buffer.getUint64(start + 2);
      headerLength = 10;
    }
    if (opcode < CLOSE && length + this.#partsLength > this.#maxMessageLength) {
      const message = `message too long: length=${length + this.#partsLength}, limit=${this.#maxMessageLength}`;
      return this.#fail(CloseCode.TOO_BIG, message);
    }
    if (this.#masked) headerLength += MASK_LENGTH;
    this.#needed = headerLength + length;
    if (available < this.#needed) return false;
    const payload = start + headerLength;
    if (this.#masked) maskBytes(buffer.view, payload, length, buffer.getInt32(payload - MASK_LENGTH));
    this.#read += this.#needed;
    this.#needed = 0;
    if (opcode >= CLOSE) this.#onControl(opcode, buffer, payload, length);
    else if (isLast && opcode !== CONTINUATION) this.#onWhole(opcode, buffer, payload, length);
    else this.#onPart(opcode, isLast, buffer, payload, length);
    return true;
  }

  /** @returns '' if the first two bytes of a header are as they may be at this place */
  #brokenRule(first: number, second: number, opcode: number, isLast: boolean, length: number): string {
    if ((first & RESERVED_BITS) !== 0) return 'reserved bits are set';
    if (((second & MASK_BIT) !== 0) !== this.#masked) return this.#masked ? 'no mask' : 'a mask';
    if (opcode >= CLOSE) {
      if (opcode > PONG) return `opcode ${opcode}`;
      if (!isLast || length > LONGEST_CONTROL_PAYLOAD)
        return 'a control frame that is long, or not the last of its message';
      return opcode === CLOSE && length === 1 ? 'a Close with half a code' : '';
    }
    if (opcode > BINARY) return `opcode ${opcode}`;
    return (opcode === CONTINUATION) === (this.#opcode !== 0) ? '' : 'messages that overlap, or continue none';
  }

  #onControl(opcode: number, buffer: DirectBuffer, offset: number, length: number): void {
    if (opcode === PING) this.#sink.onPing(buffer, offset, length);
    if (opcode !== CLOSE) return;
    const code = length === 0 ? CloseCode.NONE : buffer.getUint16(offset);
    if (!mayBeSent(code) && length !== 0) {
      this.#fail(CloseCode.PROTOCOL_ERROR, `a Close with code ${code}`);
      return;
    }
    this.#stopped = true;
    this.#sink.onPeerClose(code, length > 2 ? buffer.getUtf8(offset + 2, length - 2) : '');
  }

  #onWhole(opcode: number, buffer: DirectBuffer, offset: number, length: number): void {
    this.messages++;
    if (opcode === TEXT) this.#sink.onText();
    else this.#sink.onMessage(buffer, offset, length);
  }

  #onPart(opcode: number, isLast: boolean, buffer: DirectBuffer, offset: number, length: number): void {
    if (opcode !== CONTINUATION) this.#opcode = opcode;
    const parts = this.#makeRoomForPart(length);
    if (parts === null) {
      this.#fail(CloseCode.TRY_AGAIN_LATER, `no memory for ${this.#partsLength + length} bytes`);
      return;
    }
    parts.buffer.putBuffer(parts.offset + this.#partsLength, buffer, offset, length);
    this.#partsLength += length;
    if (!isLast) return;
    const whole = this.#partsLength;
    const began = this.#opcode;
    this.#opcode = 0;
    this.#partsLength = 0;
    this.#parts = null;
    this.#onWhole(began, parts.buffer, parts.offset, whole);
    parts.release();
  }

  #makeRoomForPart(length: number): PooledBuffer | null {
    const parts = this.#parts;
    const needed = this.#partsLength + length;
    if (parts !== null && needed <= parts.capacity) return parts;
    this.#parts = this.#move(parts, 0, this.#partsLength, Math.max(needed, 2 * this.#partsLength, MIN_PENDING_LENGTH));
    return this.#parts;
  }

  /** Memory in which `length` more bytes fit behind what is pending. */
  #makeRoom(length: number): PooledBuffer | null {
    const pending = this.#pending;
    if (pending !== null && this.#written + length <= pending.capacity) return pending;
    const kept = this.#written - this.#read;
    // Of a long frame as much again as has come, so that each byte is moved a few times at most.
    const ahead = Math.min(this.#needed, 2 * kept);
    this.#pending = this.#move(pending, this.#read, kept, Math.max(kept + length, ahead, MIN_PENDING_LENGTH));
    this.#read = 0;
    this.#written = kept;
    return this.#pending;
  }

  /** Between chunks no more memory is held than what is pending needs. */
  #shrink(): void {
    const pending = this.#pending as PooledBuffer;
    const kept = this.#written - this.#read;
    if (kept === 0) {
      pending.release();
      this.#pending = null;
    } else if (kept < pending.capacity >>> 2 && pending.capacity > 2 * MIN_PENDING_LENGTH) {
      this.#pending = this.#move(pending, this.#read, kept, Math.max(kept, MIN_PENDING_LENGTH));
      if (this.#pending === null) this.#fail(CloseCode.TRY_AGAIN_LATER, `no memory for ${kept} bytes`);
    } else {
      return;
    }
    this.#read = 0;
    this.#written = kept;
  }

  /** Takes memory of `capacity` bytes, copies what is kept to its start, and gives the old one back. */
  #move(from: PooledBuffer | null, start: number, length: number, capacity: number): PooledBuffer | null {
    const to = this.#pool.tryAcquire(capacity);
    if (from === null) return to;
    if (to !== null && length > 0) to.buffer.putBuffer(to.offset, from.buffer, from.offset + start, length);
    from.release();
    return to;
  }

  #fail(code: number, message: string): false {
    this.#stopped = true;
    this.#sink.onViolation(code, message);
    return false;
  }
}

/** Codes that a Close may have (RFC 6455, 7.4, and the registry of IANA). */
function mayBeSent(code: number): boolean {
  if (code >= 3_000) return code < 5_000;
  return code >= 1_000 && code <= 1_014 && code !== 1_004 && code !== 1_005 && code !== 1_006;
}
