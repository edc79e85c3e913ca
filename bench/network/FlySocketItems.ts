import type { RSocketPeer, StreamSubscriber } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight, type RSocketError } from 'flysocket/flyweight';
import { connectBy, type Road } from './FlySocketRequests.ts';
import { CREDIT, ITEM_LENGTH, StreamItems } from './StreamItems.ts';

/** Ours, on the low level. */
export class FlySocketItems extends StreamItems implements StreamSubscriber {
  readonly #road: Road;
  #peer: RSocketPeer | undefined;
  #streamId = 0;

  constructor(name: string, batch: number, road: Road) {
    super(name, batch, `flysocket-${road}`);
    this.#road = road;
  }

  protected override async begin(port: number): Promise<void> {
    this.#peer = await connectBy(this.#road, port);
    const item = new DirectBuffer(new Uint8Array(ITEM_LENGTH).fill(1));
    const request = new PayloadFlyweight().wrapData(item, 0, ITEM_LENGTH);
    this.#streamId = this.#peer.zeroCopy.requestStream(request, CREDIT, this);
  }

  protected override grant(n: number): void {
    (this.#peer as RSocketPeer).zeroCopy.request(this.#streamId, n);
  }

  protected override end(): void {
    this.#peer?.destroy();
  }

  onNext(payload: PayloadFlyweight): void {
    this.took(payload.dataBuffer.getUint8(payload.dataOffset), payload.dataLength);
  }

  onComplete(): void {}

  onError(error: RSocketError): void {
    this.failed(error);
  }

  onRequestN(): void {}
  onWritable(): void {}
  onCancel(): void {}
}
