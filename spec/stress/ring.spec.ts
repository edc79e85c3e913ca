/**
 * Two real threads and a ring between them. FLYSOCKET_STRESS=10000000 runs each case for that many messages instead of
 * a few hundred milliseconds.
 */
import { Worker } from 'node:worker_threads';
import { OneToOneRingBuffer } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { firstDifference, lengthOf, pauseSometimes, Random } from './ringMessages.ts';
import { Tally } from './ringOutcomes.ts';
import type { ProducerOrders } from './ringProducer.worker.ts';

const MESSAGES = Number(process.env['FLYSOCKET_STRESS'] ?? 0);
const RUN_MS = 250;
const LEAST_MESSAGES = 1_000;
/** No message for this long, from a producer that runs: it is stuck, or the ring is. */
const STALL_MS = 5_000;
const TIMEOUT_MS = MESSAGES > 0 ? 3_600_000 : 30_000;

const OUTCOMES = {
  next: { expect: 'acceptable', because: 'messages arrive whole and in order' },
  skipped: { expect: 'forbidden', because: 'a message was lost' },
  repeated: { expect: 'forbidden', because: 'a message came twice, or out of order' },
  'wrong length': { expect: 'forbidden', because: 'the header is not what was committed' },
  torn: { expect: 'forbidden', because: 'bytes were seen before they were written, or after they were overwritten' },
  unpublished: { expect: 'forbidden', because: 'a claim that was aborted, or never flushed, was seen' },
  threw: { expect: 'forbidden', because: 'a right producer never makes a corrupt ring' },
  stalled: { expect: 'forbidden', because: 'a message was published and not seen' },
} as const;

const test = suite('ring between two threads');

class Consumer {
  readonly ring: OneToOneRingBuffer;
  readonly tally: Tally<typeof OUTCOMES> = new Tally(OUTCOMES);
  readonly #random: Random;
  readonly #pauseOneIn: number;
  /** The last message seen. */
  sequence = 0;

  constructor(ring: OneToOneRingBuffer, seed: number, pauseOneIn: number) {
    this.ring = ring;
    this.#random = new Random(seed);
    this.#pauseOneIn = pauseOneIn;
  }

  /** Reads what is there, sometimes with a limit. */
  drain(): number {
    const limit = this.#random.below(4) === 0 ? 1 + this.#random.below(5) : 0x7fffffff;
    if (this.#pauseOneIn > 0) pauseSometimes(this.#random, this.#pauseOneIn);
    try {
      return this.ring.read((type, buffer, index, length) => {
        const expected = this.sequence + 1;
        const at = (): string => `message ${type} of ${length} bytes at ${index}, expected ${expected}`;
        if (type === 0x7fffffff) this.tally.count('unpublished', at);
        else if (type > expected) this.tally.count('skipped', at);
        else if (type < expected) this.tally.count('repeated', at);
        else if (length !== lengthOf(type, this.ring.maxMsgLength)) this.tally.count('wrong length', at);
        else if (firstDifference(buffer, index, type, length) >= 0) this.tally.count('torn', at);
        else this.tally.count('next', at);
        this.sequence = type;
      }, limit);
    } catch (error) {
      this.tally.count('threw', () => String(error));
      return 0;
    }
  }

  /** Drains until the producer has closed and all is read, or something forbidden was seen. */
  drainUntilClosed(control: Int32Array): void {
    const stopAt = Date.now() + RUN_MS;
    let lastProgress = Date.now();
    while (!this.tally.isForbidden) {
      const closed = this.ring.isProducerClosed();
      if (this.drain() > 0) {
        lastProgress = Date.now();
      } else if (closed && this.ring.size() === 0) {
        return;
      } else if (Date.now() - lastProgress > STALL_MS) {
        this.tally.count('stalled', () => `after message ${this.sequence}, ${this.ring.size()} bytes unread`);
      }
      if (MESSAGES === 0 && this.sequence > LEAST_MESSAGES && Date.now() > stopAt) Atomics.store(control, 0, 1);
    }
  }
}

function startProducer(orders: ProducerOrders): Worker {
  return new Worker(new URL('./ringProducer.worker.js', import.meta.url), { workerData: orders });
}

async function ended(worker: Worker, event: 'exit' | 'message' | 'online'): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once(event, () => resolve());
  });
}

const NEAR_INT_WRAP = 0x7fffff00 | 0;
const NEAR_UINT_WRAP = 0xffffff00 | 0;
let seed = 1;

for (const [capacity, initialPosition, producerPauses, consumerPauses] of [
  [64, 0, 0, 0],
  [64, NEAR_INT_WRAP, 200, 200],
  [256, NEAR_UINT_WRAP, 0, 500],
  [1024, NEAR_INT_WRAP, 1_000, 0],
  [65_536, NEAR_UINT_WRAP, 0, 0],
] as const) {
  const pauses = `pauses ${producerPauses}/${consumerPauses}`;
  test(
    `hammered: ${capacity} bytes from position ${initialPosition}, ${pauses}`,
    async () => {
      seed += 2;
      const memory = new SharedArrayBuffer(OneToOneRingBuffer.lengthFor(capacity));
      const control = new SharedArrayBuffer(8);
      const orders = { memory, control, seed, messages: MESSAGES, initialPosition, pauseOneIn: producerPauses };
      const worker = startProducer(orders);
      const exit = ended(worker, 'exit');
      const ring = new OneToOneRingBuffer(memory, { initialPosition });
      const consumer = new Consumer(ring, seed + 1, consumerPauses);
      try {
        await ended(worker, 'online');
        consumer.drainUntilClosed(new Int32Array(control));
        consumer.tally.assertAllowed();
        if (MESSAGES > 0) assert.is(consumer.sequence, MESSAGES);
        else assert.ok(consumer.sequence > LEAST_MESSAGES);
        await exit;
      } finally {
        await worker.terminate();
      }
    },
    { timeoutMs: TIMEOUT_MS },
  );
}

test(
  'a producer that dies within a claim leaves what it had flushed, and nothing else',
  async () => {
    const memory = new SharedArrayBuffer(OneToOneRingBuffer.lengthFor(65_536));
    const control = new SharedArrayBuffer(8);
    const worker = startProducer({
      memory,
      control,
      seed: 3,
      messages: 0,
      initialPosition: 0,
      pauseOneIn: 0,
      claimThenHang: true,
    });
    const exit = ended(worker, 'exit');
    const consumer = new Consumer(new OneToOneRingBuffer(memory), 4, 0);
    const hanging = ended(worker, 'message');
    const poll = setInterval(() => consumer.drain(), 1);
    try {
      await hanging;
      await worker.terminate();
      await exit;
    } finally {
      clearInterval(poll);
    }
    while (consumer.drain() > 0);
    consumer.tally.assertAllowed();
    assert.is(consumer.sequence, new Int32Array(control)[1]);
    assert.is(consumer.ring.size(), 0);
    assert.not(consumer.ring.isProducerClosed(), 'it died before it could say so');
  },
  { timeoutMs: TIMEOUT_MS },
);

test(
  'a producer terminated anywhere leaves whole messages in sequence',
  async () => {
    const random = new Random(99);
    for (let round = 0; round < 10; round++) {
      const memory = new SharedArrayBuffer(OneToOneRingBuffer.lengthFor(1 << 20));
      const control = new SharedArrayBuffer(8);
      const worker = startProducer({
        memory,
        control,
        seed: round,
        messages: 0,
        initialPosition: NEAR_INT_WRAP,
        pauseOneIn: 0,
      });
      const exit = ended(worker, 'exit');
      const ring = new OneToOneRingBuffer(memory, { initialPosition: NEAR_INT_WRAP });
      const consumer = new Consumer(ring, round, 0);
      await ended(worker, 'online');
      const startAt = Date.now();
      while (consumer.sequence === 0 && Date.now() - startAt < STALL_MS) consumer.drain();
      for (let drains = random.below(2_000); drains > 0; drains--) consumer.drain();
      const terminated = worker.terminate();
      for (let drains = random.below(500); drains > 0; drains--) consumer.drain();
      await terminated;
      await exit;
      while (consumer.drain() > 0);
      consumer.tally.assertAllowed();
      assert.ok(consumer.sequence > 0, 'it had begun');
      assert.is(ring.size(), 0, 'all that was published could be read');
    }
  },
  { timeoutMs: TIMEOUT_MS },
);

test.run();
