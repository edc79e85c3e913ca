import { BenchThread } from '../harness/threads/BenchThread.ts';
import { LargeRoundTrips, LENGTH } from './LargeRoundTrips.ts';

/** What is posted to the echo, and what it posts back. */
export interface PostedBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The answer gives its memory away too. */
  readonly isTransferred: boolean;
}

/** Raw postMessage: a clone each way, or the array's memory handed over and back. */
export class PostedRoundTrips extends LargeRoundTrips {
  readonly #isTransferred: boolean;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(LENGTH);
  #thread: BenchThread | undefined;
  #onAnswer: (message: PostedBytes) => void = () => {};

  constructor(name: string, batch: number, isTransferred: boolean) {
    super(name, batch);
    this.#isTransferred = isTransferred;
  }

  override async open(): Promise<void> {
    this.#bytes = new Uint8Array(LENGTH);
    this.#thread = await BenchThread.start(new URL('./largeEcho.worker.js', import.meta.url), { level: 'posted' });
    this.#thread.worker.on('message', (message: PostedBytes) => this.#onAnswer(message));
  }

  override run(count: number): Promise<undefined> {
    return new Promise((resolve, reject) => {
      let left = count;
      this.#onAnswer = ({ bytes }) => {
        try {
          this.check(bytes, 0, bytes.length);
        } catch (error) {
          reject(error);
          return;
        }
        if (this.#isTransferred) this.#bytes = bytes;
        left--;
        if (left === 0) resolve(undefined);
        else this.#post();
      };
      this.#post();
    });
  }

  #post(): void {
    const bytes = this.#bytes;
    this.stamp(bytes, 0);
    const message: PostedBytes = { bytes, isTransferred: this.#isTransferred };
    this.#thread?.worker.postMessage(message, this.#isTransferred ? [bytes.buffer] : []);
  }

  override async close(): Promise<void> {
    await this.#thread?.stop();
  }
}
