import type { Payload, RSocketPeer } from 'flysocket/core';
import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { connectBy } from './FlySocketRequests.ts';
import { NetworkRequests } from './NetworkRequests.ts';

/** Ours over TCP, with promises at both ends. */
export class FlySocketPromiseRequests extends NetworkRequests {
  #peer: RSocketPeer | undefined;
  readonly #metadata: Uint8Array = new Uint8Array(METADATA_LENGTH);
  readonly #data: Uint8Array = new Uint8Array(DATA_LENGTH);
  readonly #onError = (error: unknown): void => this.failed(error);

  constructor(name: string, inFlight: number, batch: number) {
    super(name, inFlight, batch, 'flysocket-promises');
  }

  protected override async connect(port: number): Promise<void> {
    this.#peer = await connectBy('tcp', port);
  }

  protected override disconnect(): void {
    this.#peer?.destroy();
  }

  protected override send(sequence: number): void {
    this.#data[0] = sequence;
    const payload = { metadata: this.#metadata, data: this.#data };
    (this.#peer as RSocketPeer).requestResponse(payload).then(({ data }: Payload) => {
      this.answered(sequence, data[0] as number, data.length);
    }, this.#onError);
  }
}
