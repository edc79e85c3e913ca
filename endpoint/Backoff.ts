import { RECONNECT_FACTOR, RECONNECT_INITIAL_DELAY_MS, RECONNECT_JITTER, RECONNECT_MAX_DELAY_MS } from './limits.ts';
import type { ReconnectOptions } from './ReconnectOptions.ts';

/**
 * Delays that grow by a factor up to a bound, each shortened by chance, so that the clients of a server that was away
 * do not all come back in the same moment.
 *
 *   delay(n) = min(maxDelayMs, initialDelayMs * factor^n) * (1 - jitter * random)
 */
export class Backoff {
  readonly #initialDelayMs: number;
  readonly #maxDelayMs: number;
  readonly #factor: number;
  readonly #jitter: number;
  readonly #random: () => number;
  #delayMs: number;

  constructor(options: ReconnectOptions = {}) {
    this.#initialDelayMs = options.initialDelayMs ?? RECONNECT_INITIAL_DELAY_MS;
    this.#maxDelayMs = options.maxDelayMs ?? RECONNECT_MAX_DELAY_MS;
    this.#factor = options.factor ?? RECONNECT_FACTOR;
    this.#jitter = options.jitter ?? RECONNECT_JITTER;
    this.#random = options.random ?? Math.random;
    this.#delayMs = this.#initialDelayMs;
  }

  /** The next delay in milliseconds. */
  next(): number {
    const delayMs = Math.min(this.#delayMs, this.#maxDelayMs);
    this.#delayMs = Math.min(delayMs * this.#factor, this.#maxDelayMs);
    return delayMs * (1 - this.#jitter * this.#random());
  }

  /** The next delay is the first one again. */
  reset(): void {
    this.#delayMs = this.#initialDelayMs;
  }
}
