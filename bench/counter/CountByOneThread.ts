import type { Contender } from '../harness/index.ts';
import { PlainCounter } from './PlainCounter.ts';

const VERIFIED_COUNT = 10_007;

/** One thread counts to N by itself, in a field of an object: what there is to be reached. */
export class CountByOneThread implements Contender {
  readonly isAsync = false;
  readonly name: string;
  readonly batch: number;
  readonly #counter: PlainCounter;

  constructor(name: string, batch: number, counter: PlainCounter = new PlainCounter()) {
    this.name = name;
    this.batch = batch;
    this.#counter = counter;
  }

  verify(): void {
    this.run(1);
    this.run(VERIFIED_COUNT);
  }

  run(count: number): undefined {
    const counter = this.#counter;
    counter.value = 0;
    for (let i = 0; i < count; i++) counter.increment();
    if (counter.value !== count) throw new Error(`${this.name}: counted to ${counter.value} instead of ${count}`);
  }
}
