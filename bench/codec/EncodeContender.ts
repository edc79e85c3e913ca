import type { Contender } from '../harness/Contender.ts';
import { streamIdOf, VERIFIED_COUNTS } from './frames.ts';

/** Encodes frames one after the other; the lengths of all and the bytes of the last one are checked in each batch. */
export abstract class EncodeContender implements Contender {
  readonly isAsync = false;
  readonly batch = 10_000;
  readonly name: string;
  readonly #expected: (streamId: number) => Buffer;
  readonly #expectedLength: number;

  constructor(name: string, expected: (streamId: number) => Buffer) {
    this.name = name;
    this.#expected = expected;
    this.#expectedLength = expected(1).length;
  }

  /** Encodes frames for streams `streamIdOf(0)` to `streamIdOf(count - 1)`. @returns the sum of their lengths */
  protected abstract encode(count: number): number;

  /** The bytes of the frame that was encoded last. */
  protected abstract last(): Uint8Array;

  verify(): void {
    for (const count of VERIFIED_COUNTS) this.run(count);
  }

  run(count: number): undefined {
    const length = this.encode(count);
    if (length !== count * this.#expectedLength || !this.#expected(streamIdOf(count - 1)).equals(this.last())) {
      throw new Error(`${this.name}: wrong frame after ${count}, ${length} bytes in all`);
    }
  }
}
