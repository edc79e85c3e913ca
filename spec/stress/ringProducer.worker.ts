/** The producing thread of the ring's stress specs: makes messages until it is told to stop, or to hang. */
import { parentPort, workerData } from 'node:worker_threads';
import { OneToOneRingBuffer } from 'flysocket/shm-transport';
import { fill, lengthOf, pauseSometimes, Random } from './ringMessages.ts';

export interface ProducerOrders {
  readonly memory: SharedArrayBuffer;
  /** Word 0: set to stop. Word 1: how many messages were flushed, for `claimThenHang`. */
  readonly control: SharedArrayBuffer;
  readonly seed: number;
  /** Stop after this many messages, or 0: when told to. */
  readonly messages: number;
  readonly initialPosition: number;
  /** Pause once in so many messages, or 0: never. */
  readonly pauseOneIn: number;
  /** After a thousand messages leave a claim half written and the last batch unflushed, and wait for the end. */
  readonly claimThenHang?: boolean;
}

const orders = workerData as ProducerOrders;
const control = new Int32Array(orders.control);
const random = new Random(orders.seed);
const ring = new OneToOneRingBuffer(orders.memory, { initialPosition: orders.initialPosition });
const last = orders.messages > 0 ? orders.messages : 0x7fffffff;
const MESSAGES_BEFORE_HANG = 1_000;

function put(sequence: number): void {
  const length = lengthOf(sequence, ring.maxMsgLength);
  let index = ring.tryClaim(sequence, length);
  while (index < 0) {
    ring.flush();
    if (Atomics.load(control, 0) !== 0) return;
    index = ring.tryClaim(sequence, length);
  }
  fill(ring.buffer, index, sequence, length);
  ring.commit(index);
}

function claimSomethingElse(): void {
  const length = random.below(ring.maxMsgLength + 1);
  const index = ring.tryClaim(0x7fffffff, length);
  if (index < 0) return;
  ring.buffer.bytes.fill(0xee, index, index + length);
  ring.abort(index);
}

function hang(): void {
  ring.flush();
  Atomics.store(control, 1, MESSAGES_BEFORE_HANG);
  const unflushed = ring.tryClaim(MESSAGES_BEFORE_HANG + 1, 8);
  if (unflushed >= 0) ring.commit(unflushed);
  const open = ring.tryClaim(MESSAGES_BEFORE_HANG + 2, ring.maxMsgLength);
  if (open >= 0) ring.buffer.bytes.fill(0xdd, open, open + (ring.maxMsgLength >> 1));
  parentPort?.postMessage('hanging');
  Atomics.wait(control, 0, 0, 10_000);
}

for (let sequence = 1; sequence <= last && Atomics.load(control, 0) === 0; sequence++) {
  if (random.below(16) === 0) claimSomethingElse();
  put(sequence);
  if (random.below(8) === 0) ring.flush();
  if (orders.pauseOneIn > 0) pauseSometimes(random, orders.pauseOneIn);
  if (orders.claimThenHang === true && sequence === MESSAGES_BEFORE_HANG) {
    hang();
    break;
  }
}
ring.closeProducer();
