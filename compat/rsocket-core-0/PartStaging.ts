/**
 * Lays the encoded parts of one frame side by side in scratch memory, from where they are copied into their place: a
 * place is claimed with the frame's whole length, which the encoders tell. What does not fit gets memory of its own.
 */
import { DirectBuffer, EMPTY_BUFFER } from '../../flyweight/index.ts';
import type { Encoder } from './Encoders.ts';

const SCRATCH_LENGTH = 65_536;

export class PartStaging {
  /** Where the part lies that was staged last: valid until the next `clear`. */
  buffer: DirectBuffer = EMPTY_BUFFER;
  offset = 0;
  length = 0;
  readonly #scratch: Buffer = Buffer.allocUnsafeSlow(SCRATCH_LENGTH);
  readonly #view: DirectBuffer = new DirectBuffer(this.#scratch);
  #used = 0;

  static #ofThisThread: PartStaging | undefined;

  /** One for all connections of the thread: what it shows is read before anybody else stages something. */
  static ofThisThread(): PartStaging {
    PartStaging.#ofThisThread ??= new PartStaging();
    return PartStaging.#ofThisThread;
  }

  /** Another frame begins. */
  clear(): void {
    this.#used = 0;
  }

  /** @param value a part that is there. @throws whatever the encoder throws */
  stage(encoder: Encoder, value: unknown): void {
    const length = encoder.byteLength(value);
    this.length = length;
    if (length > SCRATCH_LENGTH - this.#used) {
      const own = Buffer.allocUnsafe(length);
      encoder.encode(value, own, 0, length);
      this.buffer = new DirectBuffer(own);
      this.offset = 0;
      return;
    }
    const start = this.#used;
    encoder.encode(value, this.#scratch, start, start + length);
    this.buffer = this.#view;
    this.offset = start;
    // Copies go by 8-byte words from a multiple of 8.
    this.#used = (start + length + 7) & ~7;
  }
}
