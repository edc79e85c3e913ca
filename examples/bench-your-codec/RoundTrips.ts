import { deepStrictEqual } from 'node:assert';
import type { Contender } from 'flysocket/bench';
import { TICKS } from './Tick.ts';
import type { TickCodec } from './TickCodec.ts';

/** Encodes each tick and decodes it again: one operation. */
export class RoundTrips implements Contender {
  readonly name: string;
  readonly isAsync = false;
  /** An operation takes less than a microsecond: the clock looks once in so many. */
  readonly batch = 5_000;
  readonly #codec: TickCodec;

  constructor(codec: TickCodec) {
    this.name = codec.name;
    this.#codec = codec;
  }

  /** Every field of every tick, before anything is timed and after. */
  verify(): void {
    for (const tick of TICKS) deepStrictEqual(this.#codec.decode(this.#codec.encode(tick)), tick);
  }

  /** While the clock runs a sum has to do: it costs little, and the engine can't leave the work out. */
  run(count: number): undefined {
    const codec = this.#codec;
    let sum = 0;
    let expected = 0;
    for (let i = 0; i < count; i++) {
      const tick = TICKS[i % TICKS.length] as (typeof TICKS)[number];
      sum += codec.decode(codec.encode(tick)).price;
      expected += tick.price;
    }
    if (sum !== expected) throw new Error(`the prices of ${count} ticks sum to ${sum}, expected ${expected}`);
  }
}
