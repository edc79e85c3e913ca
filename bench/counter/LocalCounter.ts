import type { CounterService } from './CounterService.ts';

/** The counter in this thread. */
export class LocalCounter implements CounterService {
  #count = 0;

  add(amount: number): Promise<number> {
    this.#count += amount;
    return Promise.resolve(this.#count);
  }
}
