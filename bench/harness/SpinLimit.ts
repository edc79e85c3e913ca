import { PEER_TIMEOUT_MS } from './JobControl.ts';

const SPINS_BETWEEN_CLOCKS_MASK = 0xffff;

/** Ends a loop that spins for another thread which no longer comes. Allocates nothing. */
export class SpinLimit {
  #spins = 0;
  #deadline = 0;

  /** Call it once per turn of the loop. */
  spin(): void {
    this.#spins = (this.#spins + 1) & SPINS_BETWEEN_CLOCKS_MASK;
    if (this.#spins !== 0) return;
    const now = performance.now();
    if (this.#deadline === 0) this.#deadline = now + PEER_TIMEOUT_MS;
    else if (now > this.#deadline) throw new Error(`the other thread did nothing for ${PEER_TIMEOUT_MS} ms`);
  }

  /** Call it when the other thread has moved. */
  reset(): void {
    this.#deadline = 0;
  }
}
