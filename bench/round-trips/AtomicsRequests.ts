import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { BlockingRequests } from './BlockingRequests.ts';
import { REQUEST_LENGTH, SharedSlots } from './SharedSlots.ts';

/** Shared memory and Atomics.wait at both ends; of what is in flight, all that can be answered at once is. */
export class AtomicsRequests extends BlockingRequests {
  readonly #slots: SharedSlots;
  readonly #request: Uint8Array = new Uint8Array(REQUEST_LENGTH);
  readonly #answer: Uint8Array = new Uint8Array(DATA_LENGTH);
  #asked = 0;
  #answered = 0;

  constructor(inFlight: number, batch: number) {
    const slots = new SharedSlots(inFlight);
    const file = new URL('./atomics.worker.js', import.meta.url);
    super('Atomics.wait', inFlight, batch, file, { memory: slots.memory, slots: inFlight });
    this.#slots = slots;
  }

  protected override exchange(count: number): void {
    const slots = this.#slots;
    const first = this.#answered;
    const end = first + count;
    while (this.#answered < end) {
      while (this.#asked < end && this.#asked - this.#answered < this.inFlight) {
        this.#request[METADATA_LENGTH] = this.#asked - first;
        (slots.requests[this.#asked % this.inFlight] as Uint8Array).set(this.#request);
        this.#asked++;
      }
      slots.publishAsked(this.#asked);
      const answered = slots.waitForAnswered(this.#answered);
      for (; this.#answered < answered; this.#answered++) {
        this.#answer.set(slots.answers[this.#answered % this.inFlight] as Uint8Array);
        this.checkAnswer(this.#answered - first, this.#answer[0] as number, this.#answer.length);
      }
    }
  }
}
