/**
 * What every way does with a line, from the bytes where they lie: adds its words to the table, and the line to the
 * answer about its file.
 *
 * A word is a run of ASCII letters, digits, underscores and bytes from 0x80 up, of 2 to `MAX_WORD_LENGTH` bytes, with
 * the ASCII letters in lower case. Shorter and longer runs are not words.
 */
import type { FileAnswer } from './FileAnswer.ts';
import { HASH_PRIME, HASH_SEED, MAX_WORD_LENGTH, WordTable } from './WordTable.ts';

const MIN_WORD_LENGTH = 2;
const NEWLINE = 0x0a;

/** For each byte, what it is in a word: itself, its lower case, or 0 if it is not part of a word. */
const FOLDED: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (byte < 0x80 && !/\w/.test(character)) return 0;
  return byte < 0x80 ? character.toLowerCase().charCodeAt(0) : byte;
});

export class WordIndex {
  readonly table: WordTable = new WordTable();
  #lines = 0;
  #words = 0;
  #bytes = 0;
  #checksum: number = HASH_SEED;

  /** Adds a line of the file at hand. @param length in bytes, without the `\n` */
  addLine(bytes: Uint8Array, offset: number, length: number): void {
    const table = this.table;
    const end = offset + length;
    let arena = table.arena;
    let word = table.end;
    let checksum = this.#checksum;
    let words = 0;
    let i = offset;
    while (i < end) {
      let byte = bytes[i++] as number;
      checksum = Math.imul(checksum ^ byte, HASH_PRIME);
      let folded = FOLDED[byte] as number;
      if (folded === 0) continue;
      let wordLength = 0;
      let hash = HASH_SEED;
      for (;;) {
        if (wordLength < MAX_WORD_LENGTH) arena[word + wordLength] = folded;
        wordLength++;
        hash = Math.imul(hash ^ folded, HASH_PRIME);
        if (i === end) break;
        byte = bytes[i++] as number;
        checksum = Math.imul(checksum ^ byte, HASH_PRIME);
        folded = FOLDED[byte] as number;
        if (folded === 0) break;
      }
      if (wordLength < MIN_WORD_LENGTH || wordLength > MAX_WORD_LENGTH) continue;
      table.count(wordLength, hash, 1);
      arena = table.arena;
      word = table.end;
      words++;
    }
    this.#checksum = Math.imul(checksum ^ NEWLINE, HASH_PRIME);
    this.#lines++;
    this.#words += words;
    this.#bytes += length;
  }

  /** The answer about the file whose lines were added since the last call. */
  endFile(file: number): FileAnswer {
    const answer = {
      file,
      lines: this.#lines,
      words: this.#words,
      bytes: this.#bytes,
      checksum: this.#checksum >>> 0,
    };
    this.#lines = 0;
    this.#words = 0;
    this.#bytes = 0;
    this.#checksum = HASH_SEED;
    return answer;
  }
}
