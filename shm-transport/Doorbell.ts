/**
 * Wakes the thread at the other end of a link, if it sleeps. A wake-up is a token: a message on a port that is not yet
 * being waited for is found there later. Awake peers cost one Atomics.load, 8 ns; waking one takes about 10 us, which
 * is why each publication asks first (measured). Whoever takes the token has to be able to deliver it: so the port
 * stays open for as long as either side may ring.
 */
import { AWAKE, BLOCKED, PARKED } from './ThreadCellDescriptor.ts';
import type { LinkPort } from './ThreadPlatform.ts';

/** What travels on a link's port to wake its thread; it carries nothing. */
export const DOORBELL_MESSAGE = 0;
/** The last message on a link's port: all that its sender will ever publish is in the ring, and it reads no more. */
export const GOODBYE_MESSAGE = 1;

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
    if (state === PARKED) this.#port.postMessage(DOORBELL_MESSAGE);
    else if (state === BLOCKED) Atomics.notify(cell, 0);
    return state !== AWAKE;
  }
}
