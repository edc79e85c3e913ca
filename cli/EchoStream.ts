import { MAX_REQUEST_N, Payload, SENT, type StreamSubscriber, type ZeroCopyRSocket } from '../core/index.ts';
import { PayloadFlyweight } from '../flyweight/index.ts';
import { SliceAllocator } from '../pool/index.ts';
import { ECHO_WINDOW } from './limits.ts';

const view = new PayloadFlyweight();
const allocator = new SliceAllocator();

/**
 * Sends each item back. The requester is granted no more items than it has granted itself, and at most `ECHO_WINDOW`
 * at a time, so that what finds no room on its way back is that many items at most: only those are copied.
 */
export class EchoStream implements StreamSubscriber {
  readonly #peer: ZeroCopyRSocket;
  /** Items that the requester takes beyond those that were granted to it. */
  #demand: number;
  /** Items granted to it that have not come. */
  #expected = 1;
  readonly #held: Payload[] = [];
  #isComplete = false;
  #hasEnded = false;

  /** @param initialRequestN what the requester takes, its first item's echo included */
  constructor(peer: ZeroCopyRSocket, initialRequestN: number) {
    this.#peer = peer;
    this.#demand = addTo(0, initialRequestN) - 1;
  }

  onNext(payload: PayloadFlyweight, streamId: number): void {
    this.#expected--;
    if (this.#held.length > 0 || this.#peer.next(streamId, payload, false) !== SENT) {
      this.#held.push(Payload.copyOf(payload, allocator));
    }
    this.#grant(streamId);
  }

  onComplete(streamId: number): void {
    this.#isComplete = true;
    this.#completeIfDone(streamId);
  }

  onError(): void {
    this.#end();
  }

  onRequestN(n: number, streamId: number): void {
    this.#demand = addTo(this.#demand, n);
    this.#drain(streamId);
  }

  onWritable(streamId: number): void {
    this.#drain(streamId);
  }

  onCancel(): void {
    this.#end();
  }

  #drain(streamId: number): void {
    let sent = 0;
    for (const payload of this.#held) {
      const { buffer, dataOffset, dataLength, metadataOffset, metadataLength } = payload;
      view.wrapMetadata(buffer, metadataOffset, metadataLength).wrapData(buffer, dataOffset, dataLength);
      if (this.#peer.next(streamId, view, false) !== SENT) break;
      sent++;
    }
    this.#held.splice(0, sent);
    this.#grant(streamId);
    this.#completeIfDone(streamId);
  }

  #grant(streamId: number): void {
    const outstanding = this.#expected + this.#held.length;
    if (this.#isComplete || this.#hasEnded || this.#demand === 0 || outstanding > ECHO_WINDOW / 2) return;
    const n = Math.min(this.#demand, ECHO_WINDOW - outstanding);
    this.#demand -= n;
    this.#expected += n;
    this.#peer.request(streamId, n);
  }

  #completeIfDone(streamId: number): void {
    if (!this.#isComplete || this.#hasEnded || this.#held.length > 0) return;
    this.#hasEnded = true;
    this.#peer.complete(streamId);
  }

  #end(): void {
    this.#hasEnded = true;
    this.#held.length = 0;
  }
}

function addTo(demand: number, n: number): number {
  return n === MAX_REQUEST_N ? Number.POSITIVE_INFINITY : demand + n;
}
