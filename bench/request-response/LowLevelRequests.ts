import type { StreamSubscriber } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight, type RSocketError } from 'flysocket/flyweight';
import { LinkRequests } from './LinkRequests.ts';
import { DATA_LENGTH, METADATA_LENGTH } from './RequestContender.ts';

/** A power of two, far above what is in flight. */
const SEQUENCES = 1 << 16;

/** On the low level: views in, views out, and one subscriber for all streams. */
export class LowLevelRequests extends LinkRequests implements StreamSubscriber {
  readonly steadyOperations = 1_000_000;
  readonly #source: DirectBuffer = new DirectBuffer(new ArrayBuffer(METADATA_LENGTH + DATA_LENGTH));
  readonly #payload: PayloadFlyweight = new PayloadFlyweight()
    .wrapMetadata(this.#source, 0, METADATA_LENGTH)
    .wrapData(this.#source, METADATA_LENGTH, DATA_LENGTH);
  /** The sequence numbers of the requests in flight, by stream id. */
  readonly #sequences: Int32Array = new Int32Array(SEQUENCES);

  constructor(name: string, inFlight: number, batch: number) {
    super(name, inFlight, batch, 'low');
  }

  protected override send(sequence: number): void {
    this.#source.putUint8(METADATA_LENGTH, sequence);
    const streamId = this.peer.zeroCopy.requestResponse(this.#payload, this);
    if (streamId > 0) this.#sequences[(streamId >>> 1) & (SEQUENCES - 1)] = sequence;
    else this.failed(new Error(`${this.name}: request ${sequence} was refused: ${streamId}`));
  }

  onNext(payload: PayloadFlyweight, streamId: number): void {
    const sequence = this.#sequences[(streamId >>> 1) & (SEQUENCES - 1)] as number;
    this.answered(sequence, payload.dataBuffer.getUint8(payload.dataOffset), payload.dataLength);
  }

  onComplete(): void {}

  onError(error: RSocketError): void {
    this.failed(error);
  }

  onRequestN(): void {}
  onWritable(): void {}
  onCancel(): void {}
}
