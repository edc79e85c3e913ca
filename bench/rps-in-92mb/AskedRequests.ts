import { RequestContender } from '../request-response/RequestContender.ts';
import type { Answers, Asker } from './Asker.ts';

const FIRST_BATCH = 256;
/** A batch ends with nothing in flight: it is to be long against that. */
const BATCH_MS = 50;

/** Keeps so many requests of an asker in flight, and checks each answer. */
export class AskedRequests extends RequestContender implements Answers {
  readonly #asker: Asker;
  #batch = FIRST_BATCH;

  constructor(name: string, inFlight: number, asker: Asker) {
    super(name, inFlight, FIRST_BATCH);
    this.#asker = asker;
  }

  /** @returns how many requests were answered a second, all rightly, in about so long */
  async perSecond(milliseconds: number): Promise<number> {
    const start = performance.now();
    let requests = 0;
    let now = start;
    do {
      const before = now;
      await this.run(this.#batch);
      requests += this.#batch;
      now = performance.now();
      if (now - before < BATCH_MS) this.#batch *= 2;
    } while (now - start < milliseconds);
    return (requests / (now - start)) * 1000;
  }

  override async open(): Promise<void> {}

  override async close(): Promise<void> {
    await this.#asker.close();
  }

  protected override send(sequence: number): void {
    this.#asker.ask(sequence, this);
  }

  override answered(sequence: number, firstByte: number, length: number): void {
    super.answered(sequence, firstByte, length);
  }

  override failed(error: unknown): void {
    super.failed(error);
  }
}
