import * as assert from 'uvu/assert';
import { type Allocation, bytesPerOperation } from '../../bench/harness/allocation/bytesPerOperation.ts';
import { CollectionCounter } from '../../bench/harness/allocation/CollectionCounter.ts';
import { collectGarbage } from '../../bench/harness/allocation/collectGarbage.ts';
import type { Contender } from '../../bench/harness/Contender.ts';
import { FULL_PACE } from '../../bench/harness/run/Pace.ts';
import { suite } from '../support/suite.ts';

const test = suite('bench allocation');

/** What was allocated last: the engine can't leave it out. */
const kept: { last: unknown } = { last: undefined };

function allocating(operation: (i: number) => unknown, more: Partial<Contender> = {}): Contender {
  const run = (count: number): undefined => {
    for (let i = 0; i < count; i++) kept.last = operation(i);
  };
  return { name: 'allocating', batch: 1000, isAsync: false, verify() {}, run, ...more };
}

async function measure(contender: Contender): Promise<Allocation> {
  contender.run(20_000);
  return bytesPerOperation(contender, { ...FULL_PACE.allocation, windowMs: 50 });
}

test('the memory of ArrayBuffers counts apart from the heap', async () => {
  const { heapBytes, arrayBufferBytes } = await measure(allocating(() => new Uint8Array(1000)));
  assert.ok(Math.abs(arrayBufferBytes - 1000) < 1, `${arrayBufferBytes}`);
  assert.ok(heapBytes > 50 && heapBytes < 500, `the view itself: ${heapBytes}`);
});

test('arrays count on the heap', async () => {
  const { heapBytes, arrayBufferBytes } = await measure(allocating(() => new Array(100)));
  assert.is(arrayBufferBytes, 0);
  // 8 bytes an element, or 4 with compressed pointers, and some for the array itself.
  assert.ok(heapBytes > 400 && heapBytes < 900, `${heapBytes}`);
});

test('what allocates nothing is told to', async () => {
  const { heapBytes, arrayBufferBytes } = await measure(allocating((i) => i & 0xff));
  assert.ok(heapBytes + arrayBufferBytes < 0.5, `${heapBytes}`);
});

test('the other thread is added', async () => {
  const allocation = { heapBytes: 0, arrayBufferBytes: 0 };
  const peer = (count: number) => ({ heapBytes: 10 * count, arrayBufferBytes: 20 * count });
  const both = await measure(allocating(() => 1, { runMeasuringPeer: peer }));
  assert.ok(Math.abs(both.heapBytes - 10) < 0.5, `${both.heapBytes}`);
  assert.ok(Math.abs(both.arrayBufferBytes - 20) < 0.5, `${both.arrayBufferBytes}`);
  const number = await measure(allocating(() => 1, { runMeasuringPeer: async (count) => 10 * count }));
  assert.ok(Math.abs(number.heapBytes - 10) < 0.5, `${number.heapBytes}`);
  assert.is(number.arrayBufferBytes, allocation.arrayBufferBytes);
});

test('what each turn of the event loop allocates does not show in the steady state', async () => {
  // 64 bytes an operation, and a bit more than once for all.
  let isFirst = true;
  const contender = allocating(() => new Array(6), { steadyOperations: 4_000 });
  const run = (count: number): undefined => {
    if (isFirst) kept.last = new Array(1000);
    isFirst = false;
    contender.run(count);
  };
  const { heapBytes } = await measure({ ...contender, run });
  assert.is(heapBytes, Math.round(heapBytes), 'whole bytes');
  assert.ok(heapBytes > 20 && heapBytes < 120, `${heapBytes}`);
});

test('collections are counted, but for those that are asked for', async () => {
  const counter = new CollectionCounter();
  const before = await counter.count();
  collectGarbage();
  collectGarbage();
  const asked = (await counter.count()) - before;
  for (let i = 0; i < 2_000_000; i++) kept.last = [i, i];
  const natural = (await counter.count()) - before - asked;
  counter.stop();
  assert.is(asked, 0);
  assert.ok(natural > 0);
});

test.run();
