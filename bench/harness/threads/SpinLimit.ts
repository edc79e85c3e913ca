import { PEER_TIMEOUT_MS } from './JobControl.ts';

/** A peer that runs on a core of its own answers long before this many turns, about 150 us. */
const SPINS_BETWEEN_NAPS_MASK = 0x3fff;
const NAP_MS = 0.05;
const MAX_NAPS: number = PEER_TIMEOUT_MS / NAP_MS;

/**
 * For a loop that spins for another thread. Where that thread has no core to run on it gets this one now and then, and
 * if it never comes the loop ends. Allocates nothing: it counts naps, since a clock would.
 */
export class SpinLimit {
  readonly #nap: Int32Array = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #spins = 0;
  #naps = 0;

  /** Call it once per turn of the loop. */
  spin(): void {
    this.#spins = (this.#spins + 1) & SPINS_BETWEEN_NAPS_MASK;
    if (this.#spins === 0) this.#giveWay();
  }

  /** Call it when the other thread has moved. */
  reset(): void {
    this.#spins = 0;
    this.#naps = 0;
  }

  #giveWay(): void {
    if (++this.#naps > MAX_NAPS) throw new Error(`the other thread did nothing for ${PEER_TIMEOUT_MS} ms`);
    Atomics.wait(this.#nap, 0, 0, NAP_MS);
  }
}
