import { DirectBuffer, RSocketError } from '../flyweight/index.ts';

/** Batches of one direction that the peer has not given back, at most. */
export const MAX_BATCHES_IN_FLIGHT = 8;
/** Batches that are given back by themselves, if no batch of frames has taken them along. */
const BATCHES_PER_RETURN = 2;
/** Batches that must be free before `onWritable`: more than the peer ever keeps unreturned. */
const BATCHES_TO_WRITE = 4;

/** What one end of a link over a port knows of batches: which it may begin, which it owes, and buffers at hand. */
export class PortBatches {
  /** Batches that this end may still begin. */
  free: number = MAX_BATCHES_IN_FLIGHT;
  readonly #length: number;
  readonly #spares: DirectBuffer[] = [];
  /** Batches of the peer that were read here and not given back. */
  #owed = 0;

  /** @param length of each batch in bytes */
  constructor(length: number) {
    this.#length = length;
  }

  get mayWrite(): boolean {
    return this.free >= BATCHES_TO_WRITE;
  }

  /** Some are to be given back, though no batch of frames takes them along. */
  get mustGiveBack(): boolean {
    return this.#owed >= BATCHES_PER_RETURN;
  }

  /** Memory for one more batch; undefined if the peer has to give some back before. */
  begin(): DirectBuffer | undefined {
    if (this.free === 0) return undefined;
    this.free--;
    return this.#spares.pop() ?? new DirectBuffer(new ArrayBuffer(this.#length));
  }

  /** How many are given back with what goes now. */
  takeOwed(): number {
    const owed = this.#owed;
    this.#owed = 0;
    return owed;
  }

  /** Buffers that go back with so many batches, as far as they are here. */
  takeSpares(count: number): ArrayBufferLike[] {
    return this.#spares.splice(-count).map(({ buffer }) => buffer);
  }

  /** A batch of the peer has been read. */
  onRead(batch: DirectBuffer): void {
    this.#owed++;
    this.keep(batch);
  }

  /** A buffer to be filled some time. */
  keep(buffer: DirectBuffer): void {
    if (this.#spares.length < MAX_BATCHES_IN_FLIGHT && buffer.capacity === this.#length) this.#spares.push(buffer);
  }

  /** The peer has given batches back. @throws RSocketError ERR_FLYSOCKET_BATCH_CORRUPT if it has not so many */
  onGivenBack(count: unknown): void {
    if (typeof count !== 'number' || !(count >= 0 && count <= MAX_BATCHES_IN_FLIGHT - this.free)) {
      throw corruptBatch(`given back=${count}, free=${this.free}`);
    }
    this.free += count;
  }
}

/** What came through the port is nothing that the other end of a link sends. */
export function corruptBatch(what: string): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_BATCH_CORRUPT', `not a batch of frames: ${what}`);
}
