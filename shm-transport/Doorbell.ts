/**
 * Wakes the thread at the other end of a link, if it sleeps. A wake-up is a token: a message on a port that is not yet
 * being waited for is found there later. Awake peers cost one Atomics.load, 8 ns; waking one takes about 10 us, which
 * is why each publication asks first (measured). What travels on the port is the time at which it was rung, so that who
 * is woken knows how long that took. Whoever takes the token has to be able to deliver it: so the port
 * stays open for as long as either side may ring.
 */
import { AWAKE, BLOCKED, PARKED } from './ThreadCellDescriptor.ts';
import type { LinkPort } from './ThreadPlatform.ts';

/** The last message on a link's port: all that its sender will ever publish is in the ring, and it reads no more. */
export const GOODBYE_MESSAGE = 1;

const TIME_ORIGIN_MS: number = performance.timeOrigin;

/** Milliseconds since 1970, to the microsecond, the same in all threads of a process. */
export function epochMs(): number {
  return TIME_ORIGIN_MS + performance.now();
}

export class Doorbell {
  readonly #cell: Int32Array;
  readonly #port: LinkPort;

  /** @param cell the peer thread's ThreadCell */
  constructor(cell: SharedArrayBuffer, port: LinkPort) {
    this.#cell = new Int32Array(cell);
    this.#port = port;
  }

  /** Call after the store that the peer shall see. @returns true if the peer slept and has been woken */
  ring(): boolean {
    const cell = this.#cell;
    if (Atomics.load(cell, 0) === AWAKE) return false;
    const state = Atomics.exchange(cell, 0, AWAKE);
    if (state === PARKED) this.#port.postMessage(epochMs());
    else if (state === BLOCKED) Atomics.notify(cell, 0);
    return state !== AWAKE;
  }
}
