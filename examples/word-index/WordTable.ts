/**
 * Words and how often they occurred: a hash table with open addressing over typed arrays, no object a word.
 *
 *   slots   | hash | offset | length | count |  four int32 a slot, count 0 where it is empty, at most half of them full
 *   arena   | the bytes of one word after the other | candidate | ...
 *
 * A word is put where the next new word would lie, and stays there if it is new: `arena[end]` and the
 * `MAX_WORD_LENGTH` bytes from there on are the caller's to write before `count`.
 */

/** Longer words are not indexed, in bytes. */
export const MAX_WORD_LENGTH = 64;
export const HASH_SEED: number = 0x811c9dc5 | 0;
export const HASH_PRIME = 0x01000193;

const INITIAL_SLOTS = 16 * 1024;
const INITIAL_ARENA_LENGTH = 256 * 1024;
const HASH = 0;
const OFFSET = 1;
const LENGTH = 2;
const COUNT = 3;

/** All words of a table, for another thread: `bytes` holds one after the other. */
export interface WordColumns {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lengths: Uint8Array<ArrayBuffer>;
  readonly counts: Uint32Array<ArrayBuffer>;
}

export class WordTable {
  arena: Uint8Array<ArrayBuffer>;
  /** Where the next new word will lie in `arena`. */
  end: number;
  /** Different words. */
  size: number;
  #slots: Int32Array;
  #mask: number;

  constructor() {
    this.arena = new Uint8Array(INITIAL_ARENA_LENGTH);
    this.end = 0;
    this.size = 0;
    this.#slots = new Int32Array(INITIAL_SLOTS * 4);
    this.#mask = INITIAL_SLOTS - 1;
  }

  /** Slots, full and empty: what the `At` methods take is from 0 to below this. */
  get slots(): number {
    return this.#mask + 1;
  }

  /** How often the word in a slot occurred; 0 if the slot is empty. */
  countAt(slot: number): number {
    return (this.#slots[slot * 4 + COUNT] as number) >>> 0;
  }

  /** Where the word in a slot lies in `arena`. */
  offsetAt(slot: number): number {
    return this.#slots[slot * 4 + OFFSET] as number;
  }

  lengthAt(slot: number): number {
    return this.#slots[slot * 4 + LENGTH] as number;
  }

  /**
   * Adds `n` occurrences of the word that was written at `arena[end]`. `arena` may be another one afterwards.
   * @param hash `HASH_SEED`, then `Math.imul(hash ^ byte, HASH_PRIME)` for each byte
   */
  count(length: number, hash: number, n: number): void {
    const slots = this.#slots;
    const at = this.#find(length, hash) * 4;
    const before = slots[at + COUNT] as number;
    slots[at + COUNT] = before + n;
    if (before !== 0) return;
    slots[at + HASH] = hash;
    slots[at + OFFSET] = this.end;
    slots[at + LENGTH] = length;
    this.end += length;
    this.size++;
    if (this.end + MAX_WORD_LENGTH > this.arena.length) this.#growArena();
    if (this.size * 2 > this.slots) this.#growSlots();
  }

  /** Adds `n` occurrences of the word in `bytes`, taken as it is. */
  add(bytes: Uint8Array, offset: number, length: number, n: number): void {
    this.count(length, this.#putCandidate(bytes, offset, length), n);
  }

  addColumns({ bytes, lengths, counts }: WordColumns): void {
    let offset = 0;
    for (let i = 0; i < lengths.length; i++) {
      this.add(bytes, offset, lengths[i] as number, counts[i] as number);
      offset += lengths[i] as number;
    }
  }

  /** A copy of all words, in no order. */
  toColumns(): WordColumns {
    const bytes = new Uint8Array(this.end);
    const lengths = new Uint8Array(this.size);
    const counts = new Uint32Array(this.size);
    let offset = 0;
    let word = 0;
    for (let slot = 0; slot < this.slots; slot++) {
      if (this.countAt(slot) === 0) continue;
      const start = this.offsetAt(slot);
      const length = this.lengthAt(slot);
      for (let i = 0; i < length; i++) bytes[offset + i] = this.arena[start + i] as number;
      lengths[word] = length;
      counts[word] = this.countAt(slot);
      offset += length;
      word++;
    }
    return { bytes, lengths, counts };
  }

  /** How often the word in a slot of `other` occurred here. */
  countOf(other: WordTable, slot: number): number {
    const length = other.lengthAt(slot);
    return this.countAt(this.#find(length, this.#putCandidate(other.arena, other.offsetAt(slot), length)));
  }

  wordAt(slot: number): string {
    const start = this.offsetAt(slot);
    return new TextDecoder().decode(this.arena.subarray(start, start + this.lengthAt(slot)));
  }

  /** The most frequent words first; equally frequent ones by their text. */
  mostFrequent(n: number): { word: string; count: number }[] {
    const full: number[] = [];
    for (let slot = 0; slot < this.slots; slot++) if (this.countAt(slot) > 0) full.push(slot);
    full.sort((a, b) => this.countAt(b) - this.countAt(a));
    const least = this.countAt(full[Math.min(n, full.length) - 1] ?? 0);
    return full
      .filter((slot) => this.countAt(slot) >= least)
      .map((slot) => ({ word: this.wordAt(slot), count: this.countAt(slot) }))
      .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
      .slice(0, n);
  }

  /** The slot of the candidate's word, or the empty one where it belongs. */
  #find(length: number, hash: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    const arena = this.arena;
    const candidate = this.end;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const at = slot * 4;
      if (slots[at + COUNT] === 0) return slot;
      if (slots[at + HASH] === hash && slots[at + LENGTH] === length) {
        const offset = slots[at + OFFSET] as number;
        let i = 0;
        while (i < length && arena[offset + i] === arena[candidate + i]) i++;
        if (i === length) return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  /** @returns the word's hash */
  #putCandidate(bytes: Uint8Array, offset: number, length: number): number {
    const arena = this.arena;
    const end = this.end;
    let hash = HASH_SEED;
    for (let i = 0; i < length; i++) {
      const byte = bytes[offset + i] as number;
      arena[end + i] = byte;
      hash = Math.imul(hash ^ byte, HASH_PRIME);
    }
    return hash;
  }

  #growArena(): void {
    const grown = new Uint8Array(this.arena.length * 2);
    grown.set(this.arena);
    this.arena = grown;
  }

  #growSlots(): void {
    const before = this.#slots;
    const mask = this.slots * 2 - 1;
    const grown = new Int32Array((mask + 1) * 4);
    for (let at = 0; at < before.length; at += 4) {
      if (before[at + COUNT] === 0) continue;
      const hash = before[at + HASH] as number;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (grown[slot * 4 + COUNT] !== 0) slot = (slot + 1) & mask;
      grown.set(before.subarray(at, at + 4), slot * 4);
    }
    this.#slots = grown;
    this.#mask = mask;
  }
}
