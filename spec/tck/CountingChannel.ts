import { type RequestHandler, SENT, STREAM_CLOSED, type StreamSubscriber, type ZeroCopyRSocket } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight, type RSocketError } from 'flysocket/flyweight';

/** Items that each side lets the other send ahead of it; it grants again when half of them have come. */
const WINDOW = 1_024;
const LONG_ITEM = 120;
/** One of so many items is too long for a frame of 64 bytes. */
const LONG_EVERY = 64;

/**
 * One side of a channel on which both sides count at the same time, as fast as the other takes it: each sends the items
 * 0, 1, 2 and so on, and checks that it gets the same. An item is `int32 i | zeros | int32 ~i`.
 */
export class CountingChannel implements StreamSubscriber {
  /** Resolves when both halves have ended well. */
  readonly done: Promise<void>;
  readonly #peer: ZeroCopyRSocket;
  readonly #count: number;
  readonly #bytes: DirectBuffer = new DirectBuffer(new ArrayBuffer(LONG_ITEM));
  readonly #item: PayloadFlyweight = new PayloadFlyweight();
  #sent = 0;
  #received = 0;
  #ungranted = 0;
  #isComplete = false;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;

  /** @param count items each way, 1 or more */
  constructor(peer: ZeroCopyRSocket, count: number) {
    this.#peer = peer;
    this.#count = count;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.done.catch(() => {});
  }

  /** @returns the stream's id, or why there is none now */
  request(): number {
    const count = new DirectBuffer(new ArrayBuffer(4));
    count.putInt32(0, this.#count);
    const first = this.#itemAt(0).wrapMetadata(count, 0, 4);
    const streamId = this.#peer.requestChannel(first, WINDOW, this.#count === 1, this);
    first.clear();
    if (streamId > 0) this.#sent = 1;
    return streamId;
  }

  accept(first: PayloadFlyweight, streamId: number): void {
    if (this.#count > 1) this.#peer.request(streamId, WINDOW);
    this.#check(first);
    this.#pump(streamId);
  }

  onNext(payload: PayloadFlyweight, streamId: number): void {
    this.#check(payload);
    if (++this.#ungranted < WINDOW / 2) return;
    this.#peer.request(streamId, this.#ungranted);
    this.#ungranted = 0;
  }

  onComplete(): void {
    if (this.#received !== this.#count) throw new Error(`${this.#received} of ${this.#count} items have come`);
    this.#isComplete = true;
    this.#settle();
  }

  onError(error: RSocketError): void {
    this.#reject(error);
  }

  onRequestN(_n: number, streamId: number): void {
    this.#pump(streamId);
  }

  onWritable(streamId: number): void {
    this.#pump(streamId);
  }

  onCancel(): void {
    this.#reject(new Error('cancelled'));
  }

  #check(payload: PayloadFlyweight): void {
    const i = this.#received++;
    const { dataBuffer, dataOffset, dataLength } = payload;
    const last = dataOffset + dataLength - 4;
    if (dataLength !== lengthOf(i) || dataBuffer.getInt32(dataOffset) !== i || dataBuffer.getInt32(last) !== ~i)
      throw new Error(`item ${i} is ${dataLength} bytes, beginning with ${dataBuffer.getInt32(dataOffset)}`);
  }

  #pump(streamId: number): void {
    while (this.#sent < this.#count) {
      const isLast = this.#sent === this.#count - 1;
      const result = this.#peer.next(streamId, this.#itemAt(this.#sent), isLast);
      if (result === STREAM_CLOSED) this.#reject(new Error(`closed after ${this.#sent} items`));
      if (result !== SENT) return;
      this.#sent++;
    }
    this.#settle();
  }

  #itemAt(i: number): PayloadFlyweight {
    const length = lengthOf(i);
    this.#bytes.putInt32(0, i);
    this.#bytes.putInt32(length - 4, ~i);
    return this.#item.wrapData(this.#bytes, 0, length);
  }

  #settle(): void {
    if (this.#isComplete && this.#sent === this.#count) this.#resolve();
  }
}

function lengthOf(i: number): number {
  return i % LONG_EVERY === LONG_EVERY - 1 ? LONG_ITEM : 8 + (i & 15);
}

/** Counts on every channel that is asked for. */
export const COUNTING_HANDLER: RequestHandler = {
  requestChannel: (payload, _initialRequestN, streamId, peer) => {
    const side = new CountingChannel(peer, payload.metadataBuffer.getInt32(payload.metadataOffset));
    side.accept(payload, streamId);
    return side;
  },
};

/** Counts to `count` with a peer that has a `COUNTING_HANDLER`. @throws what went wrong, as rejection */
export async function countOverChannel(peer: ZeroCopyRSocket, count: number): Promise<void> {
  const side = new CountingChannel(peer, count);
  while (side.request() < 0) await new Promise<void>((resolve) => peer.whenWritable(resolve));
  await side.done;
}
