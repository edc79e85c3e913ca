import type { Counting, CountingSpec, Meanwhile } from './Counting.ts';
import { PlainCounter } from './PlainCounter.ts';

const NOTHING: Meanwhile = { steps: 0, lost: 0 };

/** `Atomics.add` on the word that all threads share: for each increment, or for so many at a time. */
export class AtomicCounting implements Counting {
  readonly #total: Int32Array;
  readonly #cached: number;
  readonly #counter: PlainCounter = new PlainCounter();

  constructor({ total, cached }: CountingSpec) {
    this.#total = new Int32Array(total);
    this.#cached = cached;
  }

  count(increments: number): void {
    if (this.#cached === 1) this.#countEach(increments);
    else this.#countTogether(increments);
  }

  take(): Meanwhile {
    return NOTHING;
  }

  #countEach(increments: number): void {
    const total = this.#total;
    for (let i = 0; i < increments; i++) Atomics.add(total, 0, 1);
  }

  #countTogether(increments: number): void {
    const counter = this.#counter;
    for (let left = increments; left > 0; ) {
      const together = Math.min(left, this.#cached);
      for (let i = 0; i < together; i++) counter.increment();
      Atomics.add(this.#total, 0, counter.value);
      counter.value = 0;
      left -= together;
    }
  }
}
