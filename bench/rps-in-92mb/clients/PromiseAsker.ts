import type { Payload, RSocket } from 'flysocket/core';
import { DATA_LENGTH, METADATA_LENGTH } from '../../request-response/RequestContender.ts';
import type { Answers, Asker } from '../Asker.ts';

/** Ours, on the high level: a Promise and a Payload of the caller's own for each request. */
export class PromiseAsker implements Asker {
  readonly #rsocket: RSocket;
  readonly #end: () => void | Promise<void>;
  readonly #metadata: Uint8Array = new Uint8Array(METADATA_LENGTH);
  readonly #data: Uint8Array = new Uint8Array(DATA_LENGTH);
  readonly #request = { metadata: this.#metadata, data: this.#data };

  /** @param end default: destroys the connection */
  constructor(rsocket: RSocket, end?: () => void | Promise<void>) {
    this.#rsocket = rsocket;
    this.#end = end ?? (() => rsocket.destroy());
  }

  ask(sequence: number, answers: Answers): void {
    this.#data[0] = sequence;
    this.#rsocket.requestResponse(this.#request).then(
      ({ data }: Payload) => answers.answered(sequence, data[0] as number, data.length),
      (error: unknown) => answers.failed(error),
    );
  }

  close(): void | Promise<void> {
    return this.#end();
  }
}
