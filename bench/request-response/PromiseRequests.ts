import type { Payload } from 'flysocket/core';
import { LinkRequests } from './LinkRequests.ts';
import { DATA_LENGTH, METADATA_LENGTH } from './RequestContender.ts';

/** On the high level, at both ends: a Promise and a Payload that the caller owns for each request. */
export class PromiseRequests extends LinkRequests {
  readonly #metadata: Uint8Array = new Uint8Array(METADATA_LENGTH);
  readonly #data: Uint8Array = new Uint8Array(DATA_LENGTH);
  readonly #onError = (error: unknown): void => this.failed(error);

  constructor(name: string, inFlight: number, batch: number) {
    super(name, inFlight, batch, 'high');
  }

  protected override send(sequence: number): void {
    this.#data[0] = sequence;
    this.peer.requestResponse({ metadata: this.#metadata, data: this.#data }).then(({ data }: Payload) => {
      this.answered(sequence, data[0] as number, data.length);
    }, this.#onError);
  }
}
