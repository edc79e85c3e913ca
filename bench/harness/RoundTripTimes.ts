/** The times of single operations in microseconds. Recording allocates nothing; beyond the capacity none is kept. */
export class RoundTripTimes {
  readonly #times: Float64Array;
  #count = 0;

  constructor(capacity: number = 1 << 18) {
    this.#times = new Float64Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
  }

  /** @param milliseconds a difference of two `performance.now()` */
  record(milliseconds: number): void {
    if (this.#count < this.#times.length) this.#times[this.#count++] = milliseconds * 1000;
  }

  /**
   * @param fraction from 0 to 1; 0.99 is the time that 1 % of the operations exceeded
   * @returns microseconds, or NaN if nothing was recorded
   */
  percentile(fraction: number): number {
    const times = this.#times.slice(0, this.#count).sort();
    return times[Math.min(times.length - 1, Math.floor(times.length * fraction))] ?? Number.NaN;
  }
}
