import type { DirectBuffer } from 'flysocket/flyweight';
import { DRAIN_LOST, DrainQueue, OneToOneRingBuffer } from 'flysocket/shm-transport';
import { SpinLimit } from '../harness/index.ts';
import { TeamContender } from '../team/TeamContender.ts';
import { MESSAGE_LENGTH, PRODUCER, SEQUENCE, SEQUENCE_AGAIN } from './fanInMessage.ts';

/** How producers reach their consumer: each by a ring of its own, or all through one drain queue. */
export type FanInWay = 'rings' | 'queue';

const CAPACITY = 1 << 20;
/** Of a batch. */
const LEAST_PART = 4;
const VERIFIED_MESSAGES = 1_003;

/** Messages of 64 bytes from several threads to this one, which sees that all come, those of each in order. */
export class FanIn extends TeamContender {
  readonly #way: FanInWay;
  readonly #producers: number;
  readonly #memories: readonly SharedArrayBuffer[];
  readonly #drain: () => number;
  readonly #limit: SpinLimit = new SpinLimit();
  readonly #received: Int32Array;
  readonly #worker: URL;
  readonly #least: number;
  #isWrong = false;

  /** @param worker a spec hands in one that does it wrong */
  constructor(
    name: string,
    batch: number,
    way: FanInWay,
    producers: number,
    worker: URL = new URL('./fanInProducer.worker.js', import.meta.url),
  ) {
    super(name, batch);
    this.#way = way;
    this.#producers = producers;
    this.#worker = worker;
    this.#least = batch / LEAST_PART;
    this.#received = new Int32Array(producers);
    const length = way === 'rings' ? OneToOneRingBuffer.lengthFor(CAPACITY) : DrainQueue.lengthFor(CAPACITY);
    const memories = way === 'rings' ? producers : 1;
    this.#memories = Array.from({ length: memories }, () => new SharedArrayBuffer(length));
    this.#drain = way === 'rings' ? this.#drainRings() : this.#drainQueue();
  }

  async open(): Promise<void> {
    await this.team.open(this.#producers, this.#worker, (producer) => ({
      producer,
      way: this.#way,
      memory: this.#memories[this.#way === 'rings' ? producer : 0],
    }));
  }

  verify(): void {
    for (const messages of [1, VERIFIED_MESSAGES]) this.#send(Math.ceil(messages / this.#producers), false);
  }

  /** All producers together send enough for the time that they take to get going not to show, where that counts. */
  protected override work(count: number, isMeasured: boolean): number {
    const share = Math.ceil((isMeasured ? count : Math.max(count, this.#least)) / this.#producers);
    return (this.#send(share, isMeasured) * count) / (share * this.#producers);
  }

  /** @returns how long it takes until all have come that each producer sends `share` of, in milliseconds */
  #send(share: number, isMeasured: boolean): number {
    const { team } = this;
    const limit = this.#limit;
    const drain = this.#drain;
    const all = share * this.#producers;
    this.#received.fill(0);
    this.#isWrong = false;
    team.assign(share, isMeasured);
    const start = performance.now();
    team.begin();
    for (let received = 0; received < all; ) {
      const messages = drain();
      received += messages;
      if (messages === 0) limit.spin();
      else limit.reset();
    }
    const milliseconds = performance.now() - start;
    team.finish();
    if (this.#isWrong || this.#received.some((messages) => messages !== share)) {
      throw new Error(`${this.name}: ${this.#received.join(', ')} messages in order, expected ${share} of each`);
    }
    return milliseconds;
  }

  readonly #onMessage = (_type: number, buffer: DirectBuffer, index: number, length: number): void => {
    const producer = buffer.getInt32Native(index + PRODUCER);
    const sequence = buffer.getInt32Native(index + SEQUENCE);
    const isNext = sequence === this.#received[producer];
    if (!isNext || length !== MESSAGE_LENGTH || buffer.getInt32Native(index + SEQUENCE_AGAIN) !== sequence) {
      this.#isWrong = true;
    }
    this.#received[producer] = sequence + 1;
  };

  #drainRings(): () => number {
    const rings = this.#memories.map((memory) => new OneToOneRingBuffer(memory));
    return () => {
      let messages = 0;
      for (let ring = 0; ring < rings.length; ring++) {
        messages += (rings[ring] as OneToOneRingBuffer).read(this.#onMessage);
      }
      return messages;
    };
  }

  /** It is this thread that drains, and no producer does, so it never loses. */
  #drainQueue(): () => number {
    const queue = new DrainQueue(this.#memories[0] as SharedArrayBuffer);
    return () => {
      const messages = queue.drain(this.#onMessage);
      if (messages === DRAIN_LOST) throw new Error(`${this.name}: another thread drains`);
      return messages;
    };
  }
}
