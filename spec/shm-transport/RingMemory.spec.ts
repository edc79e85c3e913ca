import { OneToOneRingBuffer, RING_ATTACH_TIMEOUT_MS, RingMemory } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { messageOf, newMemory, newRing, readAll, throwsCode, writePattern } from './ringSupport.ts';

const CAPACITY = 256;
const MAGIC = 0x464c5952;

const test = suite('RingMemory');

/** The control words of a ring in `memory`. */
function trailer(memory: SharedArrayBuffer): Int32Array {
  return new Int32Array(memory, CAPACITY);
}

test('takes a power of two from MIN_CAPACITY, 64, to MAX_CAPACITY, 2^30, for a capacity', () => {
  assert.is(OneToOneRingBuffer.lengthFor(64), 64 + 384);
  assert.is(OneToOneRingBuffer.lengthFor(2 ** 30), 2 ** 30 + 384);
  for (const capacity of [0, 1, 32, 63, 65, 100, 2 ** 31, -64, 64.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    throwsCode(() => OneToOneRingBuffer.lengthFor(capacity), 'ERR_FLYSOCKET_RING_CAPACITY', `capacity=${capacity}`);
  }
  for (const length of [0, 384, 384 + 100]) {
    throwsCode(() => new OneToOneRingBuffer(new SharedArrayBuffer(length)), 'ERR_FLYSOCKET_RING_CAPACITY');
  }
});

test('initialises zeroed memory, as the descriptor draws it', () => {
  const memory = newMemory(CAPACITY);
  new OneToOneRingBuffer(memory, { initialPosition: 40 });
  const words = trailer(memory);
  assert.equal([...words.subarray(0, 3)], [MAGIC, 1, CAPACITY]);
  assert.equal([...words.subarray(32, 34)], [40, 0], 'tail and producer state');
  assert.equal([...words.subarray(64, 66)], [40, 0], 'head and consumer state');
});

test('attaches to a ring in use, and goes on where it stands', () => {
  const memory = newMemory(CAPACITY);
  const first = new OneToOneRingBuffer(memory);
  writePattern(first, 1, 8);
  writePattern(first, 2, 8);
  first.flush();
  const second = new OneToOneRingBuffer(memory, { initialPosition: 128 });
  assert.equal(readAll(second, 1), [messageOf(1, 8)]);
  const third = new OneToOneRingBuffer(memory);
  assert.equal(readAll(third), [messageOf(2, 8)]);
  assert.ok(writePattern(third, 3, 8));
  third.flush();
  assert.equal(readAll(third), [messageOf(3, 8)]);
});

test('refuses memory that is something else', () => {
  const memory = newMemory(CAPACITY);
  trailer(memory)[0] = 12_345;
  throwsCode(() => new OneToOneRingBuffer(memory), 'ERR_FLYSOCKET_RING_MAGIC', '12345', `${MAGIC}`);
});

test('refuses a ring of another version or capacity', () => {
  const memory = newMemory(CAPACITY);
  new OneToOneRingBuffer(memory);
  trailer(memory)[2] = 512;
  throwsCode(() => new OneToOneRingBuffer(memory), 'ERR_FLYSOCKET_RING_CAPACITY', '512', '256');
  trailer(memory)[1] = 2;
  throwsCode(() => new OneToOneRingBuffer(memory), 'ERR_FLYSOCKET_RING_VERSION', 'version is 2, expected 1');
});

test('refuses positions that no ring has', () => {
  for (const word of [32, 64]) {
    const memory = newMemory(CAPACITY);
    new OneToOneRingBuffer(memory);
    trailer(memory)[word] = 4;
    throwsCode(() => new OneToOneRingBuffer(memory), 'ERR_FLYSOCKET_RING_CORRUPT');
  }
  throwsCode(() => newRing(CAPACITY, { initialPosition: 4 }), 'ERR_FLYSOCKET_RING_CORRUPT', 'tail=4', 'head=4');
});

test('waits a bounded while for an end that died while it initialised', () => {
  const memory = newMemory(CAPACITY);
  trailer(memory)[0] = 1;
  throwsCode(() => new OneToOneRingBuffer(memory), 'ERR_FLYSOCKET_RING_ATTACH_TIMEOUT', `${RING_ATTACH_TIMEOUT_MS} ms`);
});

test('tells any thread where both ends are', () => {
  const memory = newMemory(CAPACITY);
  const ring = new OneToOneRingBuffer(memory);
  const monitor = new RingMemory(memory, 0, 'monitor');
  writePattern(ring, 1, 8);
  writePattern(ring, 2, 8);
  ring.flush();
  readAll(ring, 1);
  assert.equal([monitor.producerPosition(), monitor.consumerPosition(), monitor.size()], [32, 16, 16]);
  assert.not(monitor.isProducerClosed());
  ring.closeProducer();
  ring.closeConsumer();
  assert.ok(monitor.isProducerClosed() && monitor.isConsumerClosed());
});

test.run();
