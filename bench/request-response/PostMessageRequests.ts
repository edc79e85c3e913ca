import { DATA_LENGTH, METADATA_LENGTH } from './RequestContender.ts';
import { ThreadRequests } from './ThreadRequests.ts';

export interface PostedRequest {
  readonly id: number;
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
}

export interface PostedAnswer {
  readonly id: number;
  readonly data: Uint8Array;
}

/** Raw postMessage: objects with an id there and back, and a Map from id to callback. */
export class PostMessageRequests extends ThreadRequests {
  readonly #metadata: Uint8Array = new Uint8Array(METADATA_LENGTH);
  readonly #data: Uint8Array = new Uint8Array(DATA_LENGTH);
  readonly #callbacks: Map<number, (data: Uint8Array) => void> = new Map();
  #lastId = 0;

  constructor(inFlight: number, batch: number) {
    super('postMessage', inFlight, batch, new URL('./postMessageResponder.worker.js', import.meta.url));
  }

  override async open(): Promise<void> {
    await super.open();
    this.thread.worker.on('message', ({ id, data }: PostedAnswer) => {
      const callback = this.#callbacks.get(id);
      this.#callbacks.delete(id);
      if (callback === undefined) this.failed(new Error(`answer to no request: ${id}`));
      else callback(data);
    });
  }

  protected override send(sequence: number): void {
    const data = this.#data;
    const id = ++this.#lastId;
    data[0] = sequence;
    this.#callbacks.set(id, (answer) => this.answered(sequence, answer[0] as number, answer.length));
    this.thread.worker.postMessage({ id, metadata: this.#metadata, data } satisfies PostedRequest);
  }
}
