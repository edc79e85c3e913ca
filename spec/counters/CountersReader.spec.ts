import { readFileSync } from 'node:fs';
import {
  BLOCK_GONE,
  BlockKind,
  buffersInUse,
  bytesInUse,
  bytesReserved,
  CountersReader,
  CountersRegion,
  creditAvailable,
  creditOutstanding,
  fieldNames,
  kindName,
  LinkCounter,
  PoolCounter,
  RingConsumerCounter,
  RingProducerCounter,
  ringUsed,
  streamsOpen,
  ThreadCounter,
} from 'flysocket/counters';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('CountersReader');

test('shows everything by name', () => {
  const region = CountersRegion.create({ maxBlocks: 4, ownerId: 3 });
  const thread = region.allocate(BlockKind.THREAD, 'main');
  thread.add(ThreadCounter.PASSES, 12);
  region.allocate(99, 'of another version');
  const [shown, unknown] = new CountersReader(region.memory).snapshot();
  assert.is(shown!.kindName, 'THREAD');
  assert.is(shown!.ownerId, 3);
  assert.is(shown!.counters['PASSES'], 12);
  assert.equal(Object.keys(shown!.counters), Object.keys(ThreadCounter));
  assert.is(unknown!.kindName, 'KIND_99');
  assert.equal(unknown!.counters, {});
});

test('every kind has a name and fields numbered from 0 within a block', () => {
  const all = [ThreadCounter, LinkCounter, RingProducerCounter, RingConsumerCounter, PoolCounter];
  for (const [i, fields] of all.entries()) {
    assert.is(kindName(i + 1), Object.keys(BlockKind)[i]);
    assert.equal(
      Object.values(fields),
      Object.keys(fields).map((_, field) => field),
    );
    assert.equal(fieldNames(i + 1), Object.keys(fields));
    assert.ok(Object.keys(fields).length <= 32);
  }
});

test('the documentation lists every kind and field', () => {
  const page = readFileSync('docs/wire/counters.md', 'utf8').replaceAll(/ +/g, ' ');
  for (const kind of Object.values(BlockKind)) {
    const row = `| ${kind} ${kindName(kind)} | ${fieldNames(kind).join(', ')} |`;
    assert.ok(page.includes(row), row);
  }
});

test('a slot that is being claimed is not listed', () => {
  const region = CountersRegion.create({ maxBlocks: 2 });
  region.allocate(BlockKind.POOL, 'pool');
  const words = new Int32Array(region.memory);
  words[32] = (2 << 2) | 1;
  assert.equal(new CountersReader(region.memory).blocks(), []);
});

test('gauges are differences', () => {
  const region = CountersRegion.create({ maxBlocks: 4 });
  const producer = region.allocate(BlockKind.RING_PRODUCER, 'ring');
  const consumer = region.allocate(BlockKind.RING_CONSUMER, 'ring');
  const link = region.allocate(BlockKind.LINK, 'link');
  const pool = region.allocate(BlockKind.POOL, 'pool');
  producer.advanceTo(RingProducerCounter.PRODUCER_POSITION, 2 ** 33 + 64);
  consumer.advanceTo(RingConsumerCounter.CONSUMER_POSITION, 2 ** 33);
  link.add(LinkCounter.STREAMS_OPENED, 9);
  link.add(LinkCounter.STREAMS_CLOSED, 7);
  link.add(LinkCounter.CREDIT_GRANTED, 100);
  link.add(LinkCounter.CREDIT_GRANTED_SPENT, 30);
  link.add(LinkCounter.CREDIT_RECEIVED, 50);
  link.add(LinkCounter.CREDIT_RECEIVED_SPENT, 10);
  pool.add(PoolCounter.ACQUIRED, 5);
  pool.add(PoolCounter.RELEASED, 4);
  pool.add(PoolCounter.BYTES_ACQUIRED, 500);
  pool.add(PoolCounter.BYTES_RELEASED, 372);
  pool.add(PoolCounter.BYTES_RESERVED, 4096);

  const reader = new CountersReader(region.memory);
  const [p, c, l, o] = reader.blocks();
  assert.is(ringUsed(reader, p!, c!), 64);
  assert.is(streamsOpen(reader, l!), 2);
  assert.is(creditOutstanding(reader, l!), 70);
  assert.is(creditAvailable(reader, l!), 40);
  assert.is(buffersInUse(reader, o!), 1);
  assert.is(bytesInUse(reader, o!), 128);
  assert.is(bytesReserved(reader, o!), 4096);

  region.free(pool);
  region.allocate(BlockKind.POOL, 'successor');
  assert.is(buffersInUse(reader, o!), BLOCK_GONE);
});

test.run();
