import { BlockKind, CounterBlock, RingConsumerCounter, RingProducerCounter } from 'flysocket/counters';
import { DirectBuffer } from 'flysocket/flyweight';
import { ControlledAction, INSUFFICIENT_CAPACITY, OneToOneRingBuffer } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { messageOf, newMemory, newRing, pattern, readAll, snapshot, throwsCode, writePattern } from './ringSupport.ts';

const CAPACITY = 1024;
const MSG_TYPE_ID = 7;

const test = suite('OneToOneRingBuffer');

test('carries messages in order, with type and bytes', () => {
  const ring = newRing(CAPACITY);
  const lengths = [0, 1, 7, 8, 9, 64, 128];
  for (const [i, length] of lengths.entries()) assert.ok(writePattern(ring, i + 1, length));
  ring.flush();
  assert.equal(
    readAll(ring),
    lengths.map((length, i) => messageOf(i + 1, length)),
  );
  assert.is(readAll(ring).length, 0);
});

test('says its sizes', () => {
  const ring = newRing(CAPACITY);
  assert.is(ring.capacity, CAPACITY);
  assert.is(ring.maxMsgLength, 128);
  assert.is(OneToOneRingBuffer.lengthFor(CAPACITY), ring.buffer.capacity);
  assert.is(OneToOneRingBuffer.INSUFFICIENT_CAPACITY, -2);
  assert.is(INSUFFICIENT_CAPACITY, -2);
});

test('shows nothing before the flush', () => {
  const ring = newRing(CAPACITY);
  ring.commit(ring.tryClaim(MSG_TYPE_ID, 16));
  assert.is(readAll(ring).length, 0);
  assert.is(ring.size(), 0);
  assert.ok(ring.flush());
  assert.is(ring.size(), 24);
  assert.is(readAll(ring).length, 1);
  assert.is(ring.size(), 0);
});

test('publishes the batch itself at BATCH_LENGTH_SHIFT, an eighth of the capacity, and flush says so', () => {
  const ring = newRing(CAPACITY);
  for (let i = 1; i <= 4; i++) writePattern(ring, i, 24);
  assert.is(ring.size(), 128);
  assert.ok(ring.flush(), 'flush tells of what commit published');
  assert.not(ring.flush());
});

test('hands out places on 8-byte boundaries', () => {
  const ring = newRing(CAPACITY);
  for (let length = 0; length < 20; length++) {
    const index = ring.tryClaim(MSG_TYPE_ID, length);
    assert.is(index % 8, 0);
    ring.commit(index);
  }
});

test('forgets an aborted claim without a trace', () => {
  const ring = newRing(CAPACITY);
  writePattern(ring, 1, 24);
  const index = ring.tryClaim(2, 100);
  ring.abort(index);
  assert.is(ring.tryClaim(3, 8), index, 'the place is given out again');
  ring.commit(index);
  ring.flush();
  assert.equal(
    readAll(ring).map((message) => message.msgTypeId),
    [1, 3],
  );
});

test('rolls an aborted claim back over its padding', () => {
  const ring = newRing(64, { initialPosition: 56 });
  ring.abort(ring.tryClaim(1, 8));
  writePattern(ring, 2, 0);
  ring.flush();
  assert.equal(readAll(ring), [messageOf(2, 0)]);
  assert.is(ring.consumerPosition(), 64);
});

test('leaves an open claim open over a flush', () => {
  const ring = newRing(CAPACITY);
  writePattern(ring, 1, 8);
  const index = ring.tryClaim(2, 8);
  ring.flush();
  assert.equal(readAll(ring), [messageOf(1, 8)]);
  ring.buffer.putBytes(index, pattern(2, 8));
  ring.commit(index);
  ring.flush();
  assert.equal(readAll(ring), [messageOf(2, 8)]);
});

test('throws for a second claim, and for a commit or abort of what is not claimed', () => {
  const ring = newRing(CAPACITY);
  throwsCode(() => ring.commit(8), 'ERR_FLYSOCKET_RING_CLAIM', 'commit', 'index=8', 'no claim is open');
  throwsCode(() => ring.commit(-1), 'ERR_FLYSOCKET_RING_CLAIM');
  throwsCode(() => ring.abort(-2), 'ERR_FLYSOCKET_RING_CLAIM');
  const index = ring.tryClaim(1, 8);
  throwsCode(() => ring.tryClaim(1, 8), 'ERR_FLYSOCKET_RING_CLAIM', `open claim=${index}`);
  throwsCode(() => ring.commit(index + 8), 'ERR_FLYSOCKET_RING_CLAIM');
  throwsCode(() => ring.abort(index - 8), 'ERR_FLYSOCKET_RING_CLAIM');
  ring.commit(index);
  throwsCode(() => ring.commit(index), 'ERR_FLYSOCKET_RING_CLAIM');
});

test('throws for a type or a length out of range, and stays usable', () => {
  const ring = newRing(CAPACITY);
  for (const msgTypeId of [0, -1, Number.NaN]) {
    throwsCode(() => ring.tryClaim(msgTypeId, 8), 'ERR_FLYSOCKET_RING_MESSAGE', `msgTypeId=${msgTypeId}`);
  }
  for (const length of [-1, 129, Number.NaN]) {
    throwsCode(() => ring.tryClaim(1, length), 'ERR_FLYSOCKET_RING_MESSAGE', `length=${length}`, 'maxMsgLength=128');
  }
  assert.ok(writePattern(ring, 1, 128));
});

test('writes from a Uint8Array and from a DirectBuffer, in whole and in part', () => {
  const ring = newRing(CAPACITY);
  const bytes = pattern(1, 100);
  const source = new DirectBuffer(bytes);
  ring.write(1, bytes, 0, 100);
  ring.write(2, bytes, 3, 50);
  ring.write(3, source, 0, 100);
  ring.write(4, source, 5, 50);
  ring.flush();
  assert.equal(readAll(ring), [
    { msgTypeId: 1, bytes: [...bytes] },
    { msgTypeId: 2, bytes: [...bytes.subarray(3, 53)] },
    { msgTypeId: 3, bytes: [...bytes] },
    { msgTypeId: 4, bytes: [...bytes.subarray(5, 55)] },
  ]);
});

test('gives the claim back when the bytes to write are not within the source', () => {
  const ring = newRing(CAPACITY);
  throwsCode(() => ring.write(1, new Uint8Array(8), 4, 8), 'ERR_FLYSOCKET_OUT_OF_BOUNDS');
  throwsCode(() => ring.write(1, new DirectBuffer(new Uint8Array(8)), -1, 8), 'ERR_FLYSOCKET_OUT_OF_BOUNDS');
  assert.ok(writePattern(ring, 2, 8));
  ring.flush();
  assert.equal(readAll(ring), [messageOf(2, 8)]);
});

test('refuses when it is full, writing nothing, and goes on when there is room', () => {
  const ring = newRing(CAPACITY);
  while (writePattern(ring, 1, 120));
  ring.flush();
  assert.is(ring.size(), CAPACITY);
  const before = snapshot(ring);
  assert.is(ring.tryClaim(1, 0), INSUFFICIENT_CAPACITY);
  assert.not(writePattern(ring, 1, 120));
  assert.equal(snapshot(ring), before);
  assert.is(readAll(ring, 1).length, 1);
  assert.ok(writePattern(ring, 2, 120));
});

test('refuses a record that fits neither the end nor the start, writing nothing', () => {
  // 1024 bytes: 40 free at the end, 8 read at the start, so padding (40) and record (48) do not both fit.
  const ring = newRing(CAPACITY);
  writePattern(ring, 1, 0);
  for (let i = 0; i < 8; i++) writePattern(ring, 2, 112);
  writePattern(ring, 3, 8);
  ring.flush();
  assert.is(ring.producerPosition(), 984);
  assert.equal(readAll(ring, 1), [messageOf(1, 0)]);
  const before = snapshot(ring);
  assert.is(ring.tryClaim(4, 40), INSUFFICIENT_CAPACITY);
  assert.not(ring.flush());
  assert.equal(snapshot(ring), before);
  assert.ok(writePattern(ring, 5, 32), 'what fits the end goes there');
  ring.flush();
  assert.equal(
    readAll(ring).map((message) => message.msgTypeId),
    [2, 2, 2, 2, 2, 2, 2, 2, 3, 5],
  );
});

test('counts what is committed and not flushed as used', () => {
  const ring = newRing(64);
  writePattern(ring, 1, 0);
  assert.is(ring.size(), 8, 'an eighth of 64 is 8');
  const larger = newRing(CAPACITY);
  for (let i = 0; i < 7; i++) writePattern(larger, 1, 128);
  writePattern(larger, 1, 56);
  assert.is(larger.size(), CAPACITY - 64 - 8);
  assert.is(larger.tryClaim(1, 16), INSUFFICIENT_CAPACITY);
});

test('reads no more than the limit', () => {
  const ring = newRing(CAPACITY);
  for (let i = 1; i <= 5; i++) writePattern(ring, i, 8);
  ring.flush();
  assert.is(readAll(ring, 0).length, 0);
  assert.equal(readAll(ring, 2), [messageOf(1, 8), messageOf(2, 8)]);
  assert.is(ring.consumerPosition(), 32);
  assert.equal(readAll(ring, 9), [messageOf(3, 8), messageOf(4, 8), messageOf(5, 8)]);
});

test('reads up to the record that reaches the byteLimit, and over padding', () => {
  const ring = newRing(CAPACITY);
  for (let i = 1; i <= 5; i++) writePattern(ring, i, 8);
  ring.flush();
  const ignore = (): void => {};
  assert.is(ring.read(ignore, 9, 17), 2);
  assert.is(ring.read(ignore, 9, 0), 0);
  assert.is(ring.read(ignore, 9, 1_000), 3);
  const padded = newRing(64, { initialPosition: 56 });
  writePattern(padded, 1, 8);
  padded.flush();
  assert.is(padded.read(ignore, 9, 1), 1, 'padding alone is never what a read did');
});

test('gives the space of a message back when its handler throws, and reads on after it', () => {
  const ring = newRing(CAPACITY);
  for (let i = 1; i <= 3; i++) writePattern(ring, i, 8);
  ring.flush();
  const seen: number[] = [];
  assert.throws(
    () =>
      ring.read((msgTypeId) => {
        seen.push(msgTypeId);
        if (msgTypeId === 2) throw new Error('handler failed');
      }),
    /handler failed/,
  );
  assert.equal(seen, [1, 2]);
  assert.is(ring.consumerPosition(), 32);
  assert.equal(readAll(ring), [messageOf(3, 8)]);
});

test('throws for a read within a handler, and stays usable', () => {
  const ring = newRing(CAPACITY);
  for (let i = 1; i <= 2; i++) writePattern(ring, i, 8);
  ring.flush();
  ring.read(() => {
    throwsCode(() => ring.read(() => {}), 'ERR_FLYSOCKET_RING_REENTRANT');
    throwsCode(() => ring.controlledRead(() => ControlledAction.CONTINUE), 'ERR_FLYSOCKET_RING_REENTRANT');
  }, 1);
  assert.equal(readAll(ring), [messageOf(2, 8)]);
});

test('may write to the ring within a handler', () => {
  const ring = newRing(CAPACITY);
  writePattern(ring, 1, 8);
  ring.flush();
  ring.read((_type, buffer, index, length) => {
    assert.ok(ring.write(2, buffer, index, length));
    ring.flush();
  });
  assert.equal(readAll(ring), [{ msgTypeId: 2, bytes: messageOf(1, 8).bytes }]);
});

test('takes no number that a read handler returns for an action', () => {
  const ring = newRing(CAPACITY);
  for (let i = 1; i <= 4; i++) writePattern(ring, i, 8);
  ring.flush();
  assert.is(
    ring.read((msgTypeId) => msgTypeId),
    4,
  );
});

test('gives space back within a long drain, each quarter of the capacity: HEAD_INTERVAL_SHIFT', () => {
  const ring = newRing(CAPACITY);
  for (let i = 0; i < 8; i++) writePattern(ring, 1, 120);
  ring.flush();
  const positions: number[] = [];
  ring.read(() => positions.push(ring.consumerPosition()));
  assert.equal(positions, [0, 0, 256, 256, 512, 512, 768, 768]);
  assert.is(ring.consumerPosition(), 1024);
});

test('controlledRead continues, commits, breaks and aborts', () => {
  const ring = newRing(CAPACITY);
  for (let i = 1; i <= 5; i++) writePattern(ring, i, 8);
  ring.flush();
  const seen: number[] = [];
  const positions: number[] = [];
  const actions = [
    ControlledAction.CONTINUE,
    ControlledAction.COMMIT,
    ControlledAction.CONTINUE,
    ControlledAction.ABORT,
  ];
  const count = ring.controlledRead((msgTypeId) => {
    seen.push(msgTypeId);
    positions.push(ring.consumerPosition());
    return actions[seen.length - 1] as ControlledAction;
  });
  assert.is(count, 3);
  assert.equal(seen, [1, 2, 3, 4]);
  assert.equal(positions, [0, 0, 32, 32], 'the commit gave the space of two back');
  assert.is(ring.consumerPosition(), 48);
  assert.is(
    ring.controlledRead(() => ControlledAction.BREAK),
    1,
  );
  assert.equal(readAll(ring), [messageOf(5, 8)]);
});

test('controlledRead that aborts the first message consumes nothing', () => {
  const ring = newRing(CAPACITY);
  writePattern(ring, 1, 8);
  ring.flush();
  const before = snapshot(ring);
  assert.is(
    ring.controlledRead(() => ControlledAction.ABORT),
    0,
  );
  assert.equal(snapshot(ring), before);
  assert.equal(readAll(ring), [messageOf(1, 8)]);
});

test('closing publishes what is committed, rolls an open claim back, and refuses more', () => {
  const memory = newMemory(CAPACITY);
  const producer = new OneToOneRingBuffer(memory);
  const consumer = new OneToOneRingBuffer(memory);
  writePattern(producer, 1, 8);
  const index = producer.tryClaim(2, 8);
  assert.not(consumer.isProducerClosed());
  producer.closeProducer();
  producer.closeProducer();
  assert.ok(consumer.isProducerClosed());
  assert.equal(readAll(consumer), [messageOf(1, 8)]);
  throwsCode(() => producer.commit(index), 'ERR_FLYSOCKET_RING_CLAIM', 'producer closed');
  throwsCode(() => producer.tryClaim(1, 8), 'ERR_FLYSOCKET_RING_CLAIM', 'producer closed');
  throwsCode(() => new OneToOneRingBuffer(memory).tryClaim(1, 8), 'ERR_FLYSOCKET_RING_CLAIM', 'producer closed');
  assert.not(producer.isConsumerClosed());
  consumer.closeConsumer();
  assert.ok(producer.isConsumerClosed());
});

test('counts into the blocks it was given', () => {
  const producerCounters = CounterBlock.unregistered(BlockKind.RING_PRODUCER, 'test');
  const consumerCounters = CounterBlock.unregistered(BlockKind.RING_CONSUMER, 'test');
  const ring = newRing(CAPACITY, { producerCounters, consumerCounters, initialPosition: 1024 - 16 });
  ring.abort(ring.tryClaim(1, 8));
  // Too long for the rest of the ring: its padding goes with it, and comes again with the next.
  ring.abort(ring.tryClaim(1, 20));
  writePattern(ring, 1, 20);
  writePattern(ring, 2, 3);
  assert.is(producerCounters.get(RingProducerCounter.PRODUCER_POSITION), 0, 'counted once the batch is published');
  ring.flush();
  readAll(ring, 1);
  readAll(ring);
  while (writePattern(ring, 3, 128));
  assert.is(producerCounters.get(RingProducerCounter.FLUSHES), 1 + 7);
  assert.is(producerCounters.get(RingProducerCounter.PADDING_BYTES), 16);
  assert.is(producerCounters.get(RingProducerCounter.REFUSED_CLAIMS), 1);
  assert.is(producerCounters.get(RingProducerCounter.ABORTS), 2);
  assert.is(producerCounters.get(RingProducerCounter.PRODUCER_POSITION), 16 + 32 + 16 + 7 * 136);
  assert.is(consumerCounters.get(RingConsumerCounter.MESSAGES), 2);
  assert.is(consumerCounters.get(RingConsumerCounter.DRAINS), 2);
  assert.is(consumerCounters.get(RingConsumerCounter.DRAINS_LIMITED), 1);
  assert.is(consumerCounters.get(RingConsumerCounter.PADDING_BYTES), 16);
  assert.is(consumerCounters.get(RingConsumerCounter.CONSUMER_POSITION), 16 + 32 + 16);
});

for (const initialPosition of [0x7fffff00 | 0, 0xffffff00 | 0]) {
  test(`runs through the wrap of its positions from ${initialPosition}`, () => {
    const memory = newMemory(64);
    const producer = new OneToOneRingBuffer(memory, { initialPosition });
    const consumer = new OneToOneRingBuffer(memory, { initialPosition });
    assert.is(producer.producerPosition(), initialPosition);
    for (let i = 1; i <= 100; i++) {
      assert.ok(writePattern(producer, i, i % 9));
      producer.flush();
      assert.ok(producer.size() >= 8 && producer.size() <= 64, `size ${producer.size()}`);
      assert.equal(readAll(consumer), [messageOf(i, i % 9)]);
    }
    assert.is(producer.size(), 0);
    assert.ok((producer.producerPosition() - initialPosition) >>> 0 > 0x100, 'it went beyond the wrap');
  });
}

test.run();
