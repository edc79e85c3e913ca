import type { Handler } from 'flysocket/core';
import type { WorkerPeer } from 'flysocket/shm-transport';
import type { CounterService } from './CounterService.ts';

/** The counter in another thread: a float64 goes there and one comes back. */
export class RemoteCounter implements CounterService {
  readonly #peer: WorkerPeer;
  readonly #bytes: Uint8Array = new Uint8Array(Float64Array.BYTES_PER_ELEMENT);
  readonly #view: DataView = new DataView(this.#bytes.buffer);

  constructor(peer: WorkerPeer) {
    this.#peer = peer;
  }

  async add(amount: number): Promise<number> {
    this.#view.setFloat64(0, amount);
    // Sent, and copied for it, before this returns.
    const { data } = await this.#peer.requestResponse(this.#bytes);
    return new DataView(data.buffer, data.byteOffset).getFloat64(0);
  }
}

/** The other end of it. */
export function counterHandler(service: CounterService): Handler {
  return {
    async requestResponse({ data }) {
      const view = new DataView(data.buffer, data.byteOffset);
      view.setFloat64(0, await service.add(view.getFloat64(0)));
      return data;
    },
  };
}
