/**
 * Reads the counters of a process from any thread, true to the last stored count, whatever the threads that count are
 * doing: it takes no lock and asks nobody. Allocates, but for `read`.
 */

import {
  blockOffset,
  entryOffset,
  KIND_FIELD_OFFSET,
  LABEL_FIELD_OFFSET,
  MAX_BLOCKS_FIELD_OFFSET,
  OWNER_FIELD_OFFSET,
  STATE_BITS,
  STATE_CLAIMED,
  STATE_FIELD_OFFSET,
  STATE_LIVE,
  STATE_MASK,
} from './CountersDescriptor.ts';
import { checkLayout } from './CountersRegion.ts';
import { fieldNames, kindName } from './counterNames.ts';

const TWO_TO_THE_31 = 0x8000_0000;
const TWO_TO_THE_32 = 0x1_0000_0000;
/** Each attempt but the last fails only because the counter passed a multiple of 2^32 while it was made. */
const MAX_READ_ATTEMPTS = 100;

/** Result of `CountersReader.read` where the slot has a new owner. */
export const BLOCK_GONE: -1 = -1;

/** One block as it was when it was listed. */
export interface CounterBlockInfo {
  /** Place in the directory. */
  readonly index: number;
  /** A `BlockKind`. */
  readonly kind: number;
  readonly label: string;
  /** Tells this owner of the slot from earlier and later ones. */
  readonly generation: number;
  /** False once its owner has given it back. */
  readonly live: boolean;
  /** Number of the thread that counts. */
  readonly ownerId: number;
}

/** One block with its counters, as plain objects. */
export interface CounterBlockSnapshot extends CounterBlockInfo {
  readonly kindName: string;
  /** What each field counted, by the field's name. */
  readonly counters: Record<string, number>;
}

export class CountersReader {
  readonly #memory: ArrayBufferLike;
  readonly #words: Int32Array;
  readonly #maxBlocks: number;

  /** @throws RSocketError ERR_FLYSOCKET_COUNTERS_LAYOUT if that isn't the memory of a `CountersRegion` */
  constructor(memory: ArrayBufferLike) {
    checkLayout(memory);
    this.#memory = memory;
    this.#words = new Int32Array(memory);
    this.#maxBlocks = this.#words[MAX_BLOCKS_FIELD_OFFSET >> 2] as number;
  }

  /** Every block in use, and those given back whose slot nobody has taken since (`live` false). */
  blocks(): CounterBlockInfo[] {
    const found: CounterBlockInfo[] = [];
    for (let index = 0; index < this.#maxBlocks; index++) {
      const block = this.#blockAt(index);
      if (block !== undefined) found.push(block);
    }
    return found;
  }

  /**
   * A counter's value, exact up to 2^53 - 1, or `BLOCK_GONE` if the slot belongs to another owner by now. Exact too
   * if the writer is held up, or has died, in the midst of a carry.
   */
  read(block: CounterBlockInfo, field: number): number {
    const words = this.#words;
    const lower = (blockOffset(this.#maxBlocks, block.index) >> 2) + (field << 1);
    let value = 0;
    for (let i = 0; i < MAX_READ_ATTEMPTS; i++) {
      const upper = Atomics.load(words, lower + 1);
      const low = Atomics.load(words, lower) >>> 0;
      // Within a carry the lower word's top bit tells whether it is from before (1) or from after (0).
      const passed = upper >= 0 ? upper : low >= TWO_TO_THE_31 ? ~upper : -upper;
      value = passed * TWO_TO_THE_32 + low;
      if (Atomics.load(words, lower + 1) === upper) break;
    }
    return this.#generationOf(block.index) === block.generation ? value : BLOCK_GONE;
  }

  /** All blocks with all their counters by name. */
  snapshot(): CounterBlockSnapshot[] {
    const snapshots: CounterBlockSnapshot[] = [];
    for (const block of this.blocks()) {
      const counters: Record<string, number> = {};
      for (const [field, name] of fieldNames(block.kind).entries()) counters[name] = this.read(block, field);
      if (this.#generationOf(block.index) !== block.generation) continue;
      snapshots.push({ ...block, kindName: kindName(block.kind), counters });
    }
    return snapshots;
  }

  #blockAt(index: number): CounterBlockInfo | undefined {
    const words = this.#words;
    const entry = entryOffset(index);
    const state = Atomics.load(words, (entry + STATE_FIELD_OFFSET) >> 2);
    if (state === 0 || (state & STATE_MASK) === STATE_CLAIMED) return undefined;
    const kindAndLength = Atomics.load(words, (entry + KIND_FIELD_OFFSET) >> 2);
    const ownerId = Atomics.load(words, (entry + OWNER_FIELD_OFFSET) >> 2);
    // A copy, for browsers refuse to decode shared memory.
    const label = new Uint8Array(this.#memory, entry + LABEL_FIELD_OFFSET, kindAndLength >>> 16).slice();
    const generation = state >>> STATE_BITS;
    if (this.#generationOf(index) !== generation) return undefined;
    return {
      index,
      kind: kindAndLength & 0xffff,
      label: new TextDecoder().decode(label),
      generation,
      live: (state & STATE_MASK) === STATE_LIVE,
      ownerId,
    };
  }

  #generationOf(index: number): number {
    return Atomics.load(this.#words, (entryOffset(index) + STATE_FIELD_OFFSET) >> 2) >>> STATE_BITS;
  }
}
