import { SpinLimit } from '../harness/threads/SpinLimit.ts';
import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import type { RingbufJs, RingbufJsRing } from '../ring/ringbufJs.ts';
import { BlockingRequests } from './BlockingRequests.ts';

const CAPACITY = 1 << 16;
const REQUEST_LENGTH = METADATA_LENGTH + DATA_LENGTH;

/** Two rings of ringbuf.js, looked at all the time: it can't wait. Messages have one length each way: it knows none. */
export class RingbufRequests extends BlockingRequests {
  readonly #outbound: RingbufJsRing;
  readonly #inbound: RingbufJsRing;
  readonly #request: Uint8Array = new Uint8Array(REQUEST_LENGTH);
  readonly #answer: Uint8Array = new Uint8Array(DATA_LENGTH);
  readonly #limit: SpinLimit = new SpinLimit();

  constructor(inFlight: number, batch: number, { RingBuffer }: RingbufJs) {
    const requests = RingBuffer.getStorageForCapacity(CAPACITY, Uint8Array);
    const answers = RingBuffer.getStorageForCapacity(CAPACITY, Uint8Array);
    super('ringbuf.js', inFlight, batch, new URL('./ringbuf.worker.js', import.meta.url), { requests, answers });
    this.#outbound = new RingBuffer(requests, Uint8Array);
    this.#inbound = new RingBuffer(answers, Uint8Array);
  }

  protected override exchange(count: number): void {
    let asked = 0;
    for (let answered = 0; answered < count; answered++) {
      while (asked < count && asked - answered < this.inFlight && this.#outbound.availableWrite() >= REQUEST_LENGTH) {
        this.#request[METADATA_LENGTH] = asked++;
        this.#outbound.push(this.#request, REQUEST_LENGTH);
      }
      while (this.#inbound.availableRead() < DATA_LENGTH) this.#limit.spin();
      this.#limit.reset();
      const length = this.#inbound.pop(this.#answer, DATA_LENGTH);
      this.checkAnswer(answered, this.#answer[0] as number, length);
    }
  }
}
