import type { Contender } from '../harness/Contender.ts';

export const METADATA_LENGTH = 32;
export const DATA_LENGTH = 128;

/** More than are in flight, and than a byte counts. */
const VERIFIED_REQUESTS = 300;

/**
 * Asks another thread, which answers each request with the request's data, and keeps so many requests in flight: the
 * next one goes when an answer comes. The first byte of the data is a number that the answer is checked by.
 */
export abstract class RequestContender implements Contender {
  readonly isAsync = true;
  readonly name: string;
  readonly batch: number;
  readonly inFlight: number;
  #next = 0;
  #end = 0;
  #answers = 0;
  #resolve: (value: undefined) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(name: string, inFlight: number, batch: number) {
    this.name = name;
    this.inFlight = inFlight;
    this.batch = batch;
  }

  abstract open(): Promise<void>;
  abstract close(): Promise<void>;

  /** Sends request `sequence`, whose answer is to reach `answered`. */
  protected abstract send(sequence: number): void;

  /** Called once when there is nothing more to send for now. */
  protected flush(): void {}

  async verify(): Promise<void> {
    await this.run(VERIFIED_REQUESTS);
  }

  run(count: number): Promise<undefined> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#next = 0;
      this.#end = count;
      this.#answers = 0;
      const first = Math.min(count, this.inFlight);
      while (this.#next < first) this.send(this.#next++);
      this.flush();
    });
  }

  /** Takes an answer, checks it, and sends the next request. */
  protected answered(sequence: number, firstByte: number, length: number): void {
    if (firstByte !== (sequence & 0xff) || length !== DATA_LENGTH) {
      this.failed(new Error(`${this.name}: wrong answer to request ${sequence}: ${length} bytes, first ${firstByte}`));
      return;
    }
    this.#answers++;
    if (this.#next < this.#end) this.send(this.#next++);
    else if (this.#answers === this.#end) this.#resolve(undefined);
  }

  protected failed(error: unknown): void {
    this.#end = 0;
    this.#reject(error);
  }
}
