/**
 * Numbers that look random and are the same for the same seed (xorshift32, Marsaglia 2003): measurements that draw
 * lots can be repeated.
 */
export class SeededRandom {
  #state: number;

  /** @param seed any integer */
  constructor(seed: number = 1) {
    // A state of 0 would stay 0; similar seeds are driven apart.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0 || 1;
  }

  /** @returns from 0 up to, but not including, 1 */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) / 2 ** 32;
  }

  /** @returns an integer from 0 to `limit` - 1 */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
}
