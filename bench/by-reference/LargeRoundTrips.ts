import type { Contender } from '../harness/Contender.ts';

export const LENGTH = 1_048_576;
/** Where the other thread looks and adds one: whoever moves the bytes has to have moved these. */
const PLACES = [0, LENGTH / 2 + 3, LENGTH - 1] as const;

const VERIFIED_ROUND_TRIPS = 20;

/** Adds one at each place, as the other thread does to what it answers with. */
export function touch(bytes: Uint8Array, offset = 0): void {
  for (const place of PLACES) bytes[offset + place] = (bytes[offset + place] as number) + 1;
}

/** A mebibyte there and back, one at a time. The other thread changes three bytes of it, which is checked. */
export abstract class LargeRoundTrips implements Contender {
  readonly isAsync = true;
  readonly name: string;
  readonly batch: number;
  #stamp = 0;

  constructor(name: string, batch: number) {
    this.name = name;
    this.batch = batch;
  }

  abstract open(): Promise<void>;
  abstract run(count: number): Promise<undefined>;
  abstract close(): Promise<void>;

  async verify(): Promise<void> {
    await this.run(VERIFIED_ROUND_TRIPS);
  }

  /** Marks what is to be sent, at each place. */
  protected stamp(bytes: Uint8Array, offset: number): void {
    this.#stamp = (this.#stamp + 1) & 0x7f;
    for (const place of PLACES) bytes[offset + place] = this.#stamp;
  }

  /** @throws Error unless the answer is what was marked, with one added at each place */
  protected check(bytes: Uint8Array, offset: number, length: number): void {
    const isRight = length === LENGTH && PLACES.every((place) => bytes[offset + place] === this.#stamp + 1);
    if (isRight) return;
    throw new Error(`${this.name}: wrong answer to ${this.#stamp}: ${length} bytes, first ${bytes[offset]}`);
  }
}
