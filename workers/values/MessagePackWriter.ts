/**
 * MessagePack into a buffer that grows: the writing half of what msgpackr reads. Knows no objects.
 *
 * Whole numbers from 64 to 127 take two bytes, since as one they are msgpackr's numbers of records.
 */
import { SERIALIZER_MAX_LENGTH } from './Serializer.ts';

/** Room that is there whenever something is written: more than any header or number takes, twice. */
export const SPARE = 16;

/** Characters up to which a loop over them beats `encodeInto` (measured). */
const SHORT_STRING = 48;
/** Bytes that one unit of a string takes in UTF-8, at most. */
const MAX_UTF8_BYTES_PER_UNIT = 3;
const BYTE_ORDER_MARK = 0xfeff;

const encoder = new TextEncoder();

export class MessagePackWriter {
  /** What is written to: the caller's, or ours once that is too small. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the next byte goes. */
  position = 0;
  #view: DataView = new DataView(this.bytes.buffer);

  /** Begins at `position` of `bytes`. */
  begin(bytes: Uint8Array, position: number): void {
    if (bytes !== this.bytes) this.#use(bytes);
    this.position = position;
  }

  #use(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Makes room for `length` more bytes, elsewhere if need be; false if these are too many. */
  makeRoom(length: number): boolean {
    const needed = this.position + length;
    if (needed <= this.bytes.length) return true;
    if (needed > SERIALIZER_MAX_LENGTH) return false;
    const larger = new Uint8Array(Math.min(SERIALIZER_MAX_LENGTH, Math.max(2 * this.bytes.length, needed)));
    larger.set(this.bytes.subarray(0, this.position));
    this.#use(larger);
    return true;
  }

  writeByte(byte: number): void {
    this.bytes[this.position++] = byte;
  }

  /** A token and four bytes. */
  writeWord(token: number, word: number): void {
    const bytes = this.bytes;
    const position = this.position;
    bytes[position] = token;
    bytes[position + 1] = word >> 24;
    bytes[position + 2] = word >> 16;
    bytes[position + 3] = word >> 8;
    bytes[position + 4] = word;
    this.position = position + 5;
  }

  /** An extension of one byte, which says nothing: what belongs to it follows. */
  writeExtension(type: number, content = 0): void {
    this.bytes[this.position++] = 0xd4;
    this.bytes[this.position++] = type;
    this.bytes[this.position++] = content;
  }

  writeArrayHeader(length: number): void {
    if (length < 0x10) this.bytes[this.position++] = 0x90 | length;
    else this.writeWord(0xdd, length);
  }

  writeNumber(value: number): void {
    const bytes = this.bytes;
    if ((value | 0) !== value || (value === 0 && 1 / value < 0)) {
      bytes[this.position] = 0xcb;
      this.#view.setFloat64(this.position + 1, value);
      this.position += 9;
    } else if (value < 0) {
      if (value >= -0x20) bytes[this.position++] = value;
      else this.writeWord(0xd2, value);
    } else if (value < 0x40) {
      bytes[this.position++] = value;
    } else if (value < 0x100) {
      bytes[this.position++] = 0xcc;
      bytes[this.position++] = value;
    } else if (value < 0x10000) {
      bytes[this.position++] = 0xcd;
      bytes[this.position++] = value >> 8;
      bytes[this.position++] = value;
    } else {
      this.writeWord(0xce, value);
    }
  }

  /** False if it is too large. */
  writeBigInt(value: bigint): boolean {
    if (BigInt.asIntN(64, value) === value) {
      this.bytes[this.position] = 0xd3;
      this.#view.setBigInt64(this.position + 1, value);
    } else if (BigInt.asUintN(64, value) === value) {
      this.bytes[this.position] = 0xcf;
      this.#view.setBigUint64(this.position + 1, value);
    } else {
      return this.#writeLargeBigInt(value);
    }
    this.position += 9;
    return true;
  }

  /** msgpackr's extension 0x42: two's complement. */
  #writeLargeBigInt(value: bigint): boolean {
    const digits = (value < 0n ? ~value : value).toString(16);
    const length = (digits.length >> 1) + 1;
    const hex = BigInt.asUintN(8 * length, value)
      .toString(16)
      .padStart(2 * length, '0');
    if (!this.makeRoom(length + SPARE)) return false;
    this.writeWord(0xc9, length);
    this.bytes[this.position++] = 0x42;
    for (let i = 0; i < length; i++) {
      this.bytes[this.position++] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
    }
    return true;
  }

  /**
   * False if it is too long, or would be read as another: a lone surrogate has no UTF-8, and the reader's TextDecoder
   * takes a byte order mark at the start away. Leaves room to spare.
   */
  writeString(text: string): boolean {
    const length = text.length;
    if (length > SHORT_STRING) return this.#writeLongString(text);
    const room = length * MAX_UTF8_BYTES_PER_UNIT + SPARE;
    if (this.position + room > this.bytes.length && !this.makeRoom(room)) return false;
    const bytes = this.bytes;
    const header = this.position;
    let position = length < 0x20 ? header + 1 : header + 2;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) return this.#writeShortUnicode(text);
      bytes[position++] = unit;
    }
    if (length < 0x20) {
      bytes[header] = 0xa0 | length;
    } else {
      bytes[header] = 0xd9;
      bytes[header + 1] = length;
    }
    this.position = position;
    return true;
  }

  #writeShortUnicode(text: string): boolean {
    const bytes = this.bytes;
    const header = this.position;
    let position = header + 2;
    for (let i = 0; i < text.length; i++) {
      let unit = text.charCodeAt(i);
      if (unit < 0x80) {
        bytes[position++] = unit;
        continue;
      }
      if (unit < 0x800) {
        bytes[position++] = 0xc0 | (unit >> 6);
      } else {
        if ((unit & 0xf800) === 0xd800) {
          const low = text.charCodeAt(++i);
          if (unit >= 0xdc00 || (low & 0xfc00) !== 0xdc00) return false;
          unit = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
          bytes[position++] = 0xf0 | (unit >> 18);
          bytes[position++] = 0x80 | ((unit >> 12) & 0x3f);
        } else {
          if (unit === BYTE_ORDER_MARK && i === 0) return false;
          bytes[position++] = 0xe0 | (unit >> 12);
        }
        bytes[position++] = 0x80 | ((unit >> 6) & 0x3f);
      }
      bytes[position++] = 0x80 | (unit & 0x3f);
    }
    bytes[header] = 0xd9;
    bytes[header + 1] = position - header - 2;
    this.position = position;
    return true;
  }

  #writeLongString(text: string): boolean {
    if (!text.isWellFormed() || text.charCodeAt(0) === BYTE_ORDER_MARK) return false;
    const most = text.length * MAX_UTF8_BYTES_PER_UNIT + SPARE;
    if (this.position + most > this.bytes.length && !this.makeRoom(utf8LengthOf(text) + SPARE)) return false;
    const position = this.position;
    const { written } = encoder.encodeInto(text, this.bytes.subarray(position + 5));
    this.writeWord(0xdb, written);
    this.position = position + 5 + written;
    return true;
  }

  /** msgpackr's extension 0x74: memory of a `kind`. False if it is too long. */
  writeMemory(kind: number, memory: ArrayBuffer, length: number): boolean {
    if (!this.makeRoom(length + SPARE)) return false;
    this.writeWord(0xc9, length + 1);
    this.bytes[this.position++] = 0x74;
    this.bytes[this.position++] = kind;
    this.bytes.set(new Uint8Array(memory), this.position);
    this.position += length;
    return true;
  }
}

/** Bytes of well-formed `text` in UTF-8. */
function utf8LengthOf(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Each half of a pair of surrogates stands for two bytes.
    if (unit >= 0x80) length += unit < 0x800 || (unit & 0xf800) === 0xd800 ? 1 : 2;
  }
  return length;
}
