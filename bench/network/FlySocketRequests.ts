import type { RSocketPeer, StreamSubscriber } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight, type RSocketError } from 'flysocket/flyweight';
import { connectTcp } from 'flysocket/tcp-transport';
import { connectWebSocket } from 'flysocket/ws-transport';
import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { NetworkRequests } from './NetworkRequests.ts';
import { wsLibrary } from './rivalLibraries.ts';

const HOST = '127.0.0.1';
/** A power of two, far above what is in flight. */
const SEQUENCES = 1 << 16;

export type Road = 'tcp' | 'ws' | 'ws-package';

export function connectBy(road: Road, port: number): Promise<RSocketPeer> {
  if (road === 'tcp') return connectTcp({ port, host: HOST });
  const webSocket = road === 'ws-package' ? wsLibrary()?.WebSocket : undefined;
  return connectWebSocket(`ws://${HOST}:${port}`, { webSocket });
}

/** Ours, on the low level at both ends. */
export class FlySocketRequests extends NetworkRequests implements StreamSubscriber {
  readonly #road: Road;
  #peer: RSocketPeer | undefined;
  readonly #source: DirectBuffer = new DirectBuffer(new ArrayBuffer(METADATA_LENGTH + DATA_LENGTH));
  readonly #payload: PayloadFlyweight = new PayloadFlyweight()
    .wrapMetadata(this.#source, 0, METADATA_LENGTH)
    .wrapData(this.#source, METADATA_LENGTH, DATA_LENGTH);
  /** The sequence numbers of the requests in flight, by stream id. */
  readonly #sequences: Int32Array = new Int32Array(SEQUENCES);

  constructor(name: string, inFlight: number, batch: number, road: Road) {
    super(name, inFlight, batch, `flysocket-${road}`);
    this.#road = road;
  }

  protected override async connect(port: number): Promise<void> {
    this.#peer = await connectBy(this.#road, port);
  }

  protected override disconnect(): void {
    this.#peer?.destroy();
  }

  protected override send(sequence: number): void {
    this.#source.putUint8(METADATA_LENGTH, sequence);
    const streamId = (this.#peer as RSocketPeer).zeroCopy.requestResponse(this.#payload, this);
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
