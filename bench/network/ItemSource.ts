import { IgnoringSubscriber, SENT, type ZeroCopyRSocket } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import { ITEM_LENGTH } from './StreamItems.ts';

/** Sends the same item for as long as it may, on every stream of one peer. */
export class ItemSource extends IgnoringSubscriber {
  readonly #peer: ZeroCopyRSocket;
  readonly #item: PayloadFlyweight;

  constructor(peer: ZeroCopyRSocket) {
    super();
    this.#peer = peer;
    const data = new DirectBuffer(new Uint8Array(ITEM_LENGTH).fill(1));
    this.#item = new PayloadFlyweight().wrapData(data, 0, ITEM_LENGTH);
  }

  override onRequestN(_n: number, streamId: number): void {
    this.onWritable(streamId);
  }

  override onWritable(streamId: number): void {
    while (this.#peer.next(streamId, this.#item, false) === SENT);
  }
}
