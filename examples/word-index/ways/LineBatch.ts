import { DirectBuffer } from 'flysocket/flyweight';

/**
 * Lines made ready to cross together. `entries` says what `bytes` holds, in order: an entry of 0 or more is a line that
 * ends there and starts where the one before ended, -1 - n the end of file n. Both are transferred, and come back.
 */
export interface LineBatch {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly entries: Int32Array<ArrayBuffer>;
  /** Entries in use. */
  readonly length: number;
  /** Nothing follows. */
  readonly isLast: boolean;
}

const BATCH_LENGTH = 64 * 1024;
const BATCH_ENTRIES = 4096;

/** A batch that is being filled. */
export class OpenBatch {
  readonly #bytes: DirectBuffer;
  readonly #entries: Int32Array<ArrayBuffer>;
  #end = 0;
  #length = 0;

  /** @param reused the memory of a batch that came back, if long enough for a line of `minLength` bytes */
  constructor(reused: LineBatch | undefined, minLength: number) {
    const isLongEnough = reused !== undefined && reused.bytes.length >= minLength;
    this.#bytes = new DirectBuffer(isLongEnough ? reused.bytes : new Uint8Array(Math.max(BATCH_LENGTH, minLength)));
    this.#entries = reused?.entries ?? new Int32Array(BATCH_ENTRIES);
  }

  /** @returns false if there is no room for it here */
  addLine(source: DirectBuffer, offset: number, length: number): boolean {
    if (this.#end + length > this.#bytes.capacity || this.#length === BATCH_ENTRIES) return false;
    this.#bytes.putBuffer(this.#end, source, offset, length);
    this.#end += length;
    this.#entries[this.#length++] = this.#end;
    return true;
  }

  /** @returns false if there is no room for it here */
  endFile(file: number): boolean {
    if (this.#length === BATCH_ENTRIES) return false;
    this.#entries[this.#length++] = -1 - file;
    return true;
  }

  close(isLast: boolean): LineBatch {
    const bytes = this.#bytes.bytes as Uint8Array<ArrayBuffer>;
    return { bytes, entries: this.#entries, length: this.#length, isLast };
  }
}
