import { IgnoringSubscriber, SENT, type ZeroCopyRSocket } from '../core/index.ts';
import { DirectBuffer, PayloadFlyweight } from '../flyweight/index.ts';
import { putDecimalBefore } from './decimalOf.ts';
import { ECHO_ITEMS_PER_TURN } from './limits.ts';

/** Longest number in digits. */
const DIGITS = 16;
const scratch = new DirectBuffer(new ArrayBuffer(DIGITS));
const item = new PayloadFlyweight();

/** A stream of the numbers from 0 on, in ASCII digits, as fast as they are granted and fit. */
export class CountingStream extends IgnoringSubscriber {
  readonly #peer: ZeroCopyRSocket;
  readonly #count: number;
  #next = 0;

  constructor(peer: ZeroCopyRSocket, count: number) {
    super();
    this.#peer = peer;
    this.#count = count;
  }

  start(streamId: number): this {
    this.#send(streamId);
    return this;
  }

  override onRequestN(_n: number, streamId: number): void {
    this.#send(streamId);
  }

  override onWritable(streamId: number): void {
    this.#send(streamId);
  }

  override onCancel(): void {
    this.#next = this.#count;
  }

  /** Sends until it may not: whoever refused calls again. */
  #send(streamId: number): void {
    if (this.#count === 0) {
      this.#peer.complete(streamId);
      return;
    }
    for (let sent = 0; this.#next < this.#count; sent++) {
      if (sent === ECHO_ITEMS_PER_TURN) {
        this.#peer.pause(streamId);
        return;
      }
      const start = putDecimalBefore(scratch, DIGITS, this.#next);
      item.wrapData(scratch, start, DIGITS - start);
      if (this.#peer.next(streamId, item, this.#next + 1 === this.#count) !== SENT) return;
      this.#next++;
    }
  }
}
