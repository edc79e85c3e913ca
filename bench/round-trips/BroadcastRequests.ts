import { randomUUID } from 'node:crypto';
import { BroadcastChannel } from 'node:worker_threads';
import type { PostedAnswer, PostedRequest } from '../request-response/PostMessageRequests.ts';
import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { ThreadRequests } from '../request-response/ThreadRequests.ts';

/** A BroadcastChannel of which there are two ends. */
export class BroadcastRequests extends ThreadRequests {
  readonly #channelName: string;
  readonly #metadata: Uint8Array = new Uint8Array(METADATA_LENGTH);
  readonly #data: Uint8Array = new Uint8Array(DATA_LENGTH);
  #channel: BroadcastChannel | undefined;

  constructor(inFlight: number, batch: number) {
    const channelName = `bench ${randomUUID()}`;
    super('BroadcastChannel', inFlight, batch, new URL('./broadcast.worker.js', import.meta.url), { channelName });
    this.#channelName = channelName;
  }

  override async open(): Promise<void> {
    await super.open();
    const isReady = new Promise((resolve) => this.thread.worker.once('message', resolve));
    this.#channel = new BroadcastChannel(this.#channelName);
    this.#channel.onmessage = (event: unknown) => {
      const { id, data } = (event as { data: PostedAnswer }).data;
      this.answered(id, data[0] as number, data.length);
    };
    await isReady;
  }

  protected override send(sequence: number): void {
    this.#data[0] = sequence;
    const request = { id: sequence, metadata: this.#metadata, data: this.#data };
    this.#channel?.postMessage(request satisfies PostedRequest);
  }

  override async close(): Promise<void> {
    this.#channel?.close();
    await super.close();
  }
}
