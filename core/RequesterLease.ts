import type { Clock } from './Clock.ts';

/** What the peer allows this side to ask (spec: "LEASE Frame"): so many requests within a time from its arrival. */
export class RequesterLease {
  readonly #clock: Clock;
  #permits = 0;
  #expiresAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Requests that may be made now. */
  get permits(): number {
    return this.#permits > 0 && this.#clock.nowMs() < this.#expiresAtMs ? this.#permits : 0;
  }

  /** A LEASE has come, which takes the place of all before it. */
  onLease(timeToLiveMs: number, numberOfRequests: number): void {
    this.#permits = numberOfRequests;
    this.#expiresAtMs = this.#clock.nowMs() + timeToLiveMs;
  }

  /** A request was sent; there was a permit for it. */
  spend(): void {
    this.#permits--;
  }
}
