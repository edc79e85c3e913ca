import { BenchThread } from '../../harness/threads/BenchThread.ts';
import type { PostedAnswer, PostedRequest } from '../../request-response/PostMessageRequests.ts';
import { DATA_LENGTH, METADATA_LENGTH } from '../../request-response/RequestContender.ts';
import type { Answers, Asker, OpenAsker } from '../Asker.ts';

const responder = new URL('../../request-response/postMessageResponder.worker.js', import.meta.url);

/** A worker's `postMessage`: objects with an id there and back. */
class PostMessageAsker implements Asker {
  readonly #thread: BenchThread;
  readonly #metadata: Uint8Array = new Uint8Array(METADATA_LENGTH);
  readonly #data: Uint8Array = new Uint8Array(DATA_LENGTH);
  #answers: Answers | undefined;

  constructor(thread: BenchThread) {
    this.#thread = thread;
    thread.worker.on('message', ({ id, data }: PostedAnswer) =>
      this.#answers?.answered(id, data[0] as number, data.length),
    );
    thread.worker.on('error', (error) => this.#answers?.failed(error));
  }

  ask(sequence: number, answers: Answers): void {
    this.#answers = answers;
    this.#data[0] = sequence;
    const request = { id: sequence, metadata: this.#metadata, data: this.#data };
    this.#thread.worker.postMessage(request satisfies PostedRequest);
  }

  close(): Promise<void> {
    return this.#thread.stop();
  }
}

export const postMessage: OpenAsker = async () => new PostMessageAsker(await BenchThread.start(responder));
