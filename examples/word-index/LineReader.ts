/**
 * Reads a file line by line, without an object a line: a line is shown where it lies in the chunk that was read.
 *
 *   chunk   | shown before | line | \n | ... | a beginning | \n |        the last \n is ours: it ends every search
 *                            ^ offset, length                ^ end of what was read
 *
 * A line ends before its `\n` or at the end of the file; a `\r` before the `\n` belongs to the line. A line that the
 * chunk cuts is moved to its front and the rest read after it; a line longer than the chunk gets a larger chunk.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { DirectBuffer } from 'flysocket/flyweight';
import type { TextFile } from './textFiles.ts';

const CHUNK_LENGTH = 64 * 1024;
const NEWLINE = 0x0a;
/** A newline farther away than this is searched for by `indexOf`, which is slow to start. */
const NEAR = 128;
const NO_FILE = -1;

export class LineReader {
  /** Where the line lies; another one when a long line needed more room. */
  buffer: DirectBuffer;
  /** Where the line starts in `buffer`. */
  offset: number;
  /** Of the line, in bytes, without its `\n`. */
  length: number;
  #bytes: Uint8Array;
  #position: number;
  #end: number;
  #unread: number;
  #file: number;

  constructor() {
    this.buffer = new DirectBuffer(new Uint8Array(CHUNK_LENGTH + 1));
    this.offset = 0;
    this.length = 0;
    this.#bytes = this.buffer.bytes;
    this.#position = 0;
    this.#end = 0;
    this.#unread = 0;
    this.#file = NO_FILE;
  }

  open({ path, length }: TextFile): void {
    this.#file = openSync(path, 'r');
    this.#unread = length;
    this.#position = 0;
    this.#end = 0;
    this.#bytes[0] = NEWLINE;
  }

  /** Goes on to the next line. @returns false at the end of the file, which is then closed */
  next(): boolean {
    let searched = this.#position;
    for (;;) {
      const newline = indexOfNewline(this.#bytes, searched);
      if (newline < this.#end) {
        this.#show(newline, newline + 1);
        return true;
      }
      searched = this.#end - this.#position;
      if (!this.#readMore()) break;
    }
    if (this.#position < this.#end) {
      this.#show(this.#end, this.#end);
      return true;
    }
    this.close();
    return false;
  }

  close(): void {
    if (this.#file === NO_FILE) return;
    closeSync(this.#file);
    this.#file = NO_FILE;
  }

  #show(end: number, position: number): void {
    this.offset = this.#position;
    this.length = end - this.#position;
    this.#position = position;
  }

  /** Moves the line that has begun to the front and reads after it. @returns false if there is no more */
  #readMore(): boolean {
    if (this.#unread === 0) return false;
    const begun = this.#end - this.#position;
    if (begun > this.#bytes.length >>> 1) this.#grow();
    else if (begun > 0) this.#bytes.copyWithin(0, this.#position, this.#end);
    const room = Math.min(this.#bytes.length - 1 - begun, this.#unread);
    const read = readSync(this.#file, this.#bytes, begun, room, null);
    this.#unread = read === 0 ? 0 : this.#unread - read;
    this.#position = 0;
    this.#end = begun + read;
    this.#bytes[this.#end] = NEWLINE;
    return read > 0;
  }

  #grow(): void {
    const grown = new Uint8Array(this.#bytes.length * 2 - 1);
    grown.set(this.#bytes.subarray(this.#position, this.#end));
    this.buffer = new DirectBuffer(grown);
    this.#bytes = this.buffer.bytes;
  }
}

/** There is one at or after `start`. */
function indexOfNewline(bytes: Uint8Array, start: number): number {
  const near = Math.min(start + NEAR, bytes.length);
  for (let i = start; i < near; i++) if (bytes[i] === NEWLINE) return i;
  return bytes.indexOf(NEWLINE, near);
}
