import type { DirectBuffer } from 'flysocket/flyweight';
import { DRAIN_LOST, DrainQueue } from 'flysocket/shm-transport';
import { PEER_TIMEOUT_MS } from '../harness/threads/JobControl.ts';
import type { Counting, CountingSpec, Meanwhile } from './Counting.ts';
import { OtherWork } from './OtherWork.ts';
import { PlainCounter } from './PlainCounter.ts';

const ADD = 1;
const MESSAGE_LENGTH = 4;
/** What a loser does before he comes back: about as much as it takes to offer something. */
const STEPS_WHEN_LOST = 32;

/**
 * The talk's picture. A thread offers what it has counted; the one that wins the drain adds up, in a field of its own,
 * what all of them have offered and goes on to offer, and publishes the sum once, when nothing is left. The losers
 * never wait: each does some other work and then goes on counting.
 */
export class QueueCounting implements Counting {
  readonly #total: Int32Array;
  readonly #cached: number;
  readonly #queue: DrainQueue;
  readonly #counter: PlainCounter = new PlainCounter();
  readonly #otherWork: OtherWork = new OtherWork();
  readonly #onMessage = (_type: number, buffer: DirectBuffer, index: number): void => {
    this.#drained = (this.#drained + buffer.getInt32Native(index)) | 0;
  };
  #drained = 0;
  #lost = 0;

  constructor({ total, queue, cached }: CountingSpec) {
    this.#total = new Int32Array(total);
    this.#cached = cached;
    // A drainer that loses the claim while it has no core to run on repeats a message, which then counts twice.
    this.#queue = new DrainQueue(queue, { drainTimeoutMs: PEER_TIMEOUT_MS });
  }

  count(increments: number): void {
    const counter = this.#counter;
    const cached = this.#cached;
    for (let left = increments; left > 0; ) {
      const together = left < cached ? left : cached;
      for (let i = 0; i < together; i++) counter.increment();
      this.#handOver(counter.value);
      counter.value = 0;
      left -= together;
    }
  }

  take(): Meanwhile {
    const lost = this.#lost;
    this.#lost = 0;
    return { steps: this.#otherWork.take(), lost };
  }

  #handOver(amount: number): void {
    const queue = this.#queue;
    let index = queue.tryClaim(ADD, MESSAGE_LENGTH);
    while (index < 0) {
      // Full: whoever drains needs time, and may not have a core.
      this.#drainOrWork();
      index = queue.tryClaim(ADD, MESSAGE_LENGTH);
    }
    queue.buffer.putInt32Native(index, amount);
    if (!queue.commit(index)) throw new Error('the drain queue took this thread for dead');
    this.#drainOrWork();
  }

  #drainOrWork(): void {
    if (this.#queue.drain(this.#onMessage) === DRAIN_LOST) {
      this.#lost++;
      this.#otherWork.do(STEPS_WHEN_LOST);
      return;
    }
    // The claim is left by now, and another thread may be publishing too.
    if (this.#drained !== 0) Atomics.add(this.#total, 0, this.#drained);
    this.#drained = 0;
  }
}
