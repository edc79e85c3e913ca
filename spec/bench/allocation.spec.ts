import * as assert from 'uvu/assert';
import type { Allocation } from '../../bench/harness/allocation/Allocation.ts';
import { bytesPerOperation } from '../../bench/harness/allocation/bytesPerOperation.ts';
import { CollectionCounter } from '../../bench/harness/allocation/CollectionCounter.ts';
import { collectGarbage } from '../../bench/harness/allocation/collectGarbage.ts';
import type { Contender } from '../../bench/harness/Contender.ts';
import { FULL_PACE, QUICK_PACE } from '../../bench/harness/run/Pace.ts';
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
  return (await bytesPerOperation(contender, { ...FULL_PACE.allocation, windowMs: 50 })) as Allocation;
}

/** As a quick run does. */
function measureQuickly(contender: Contender): Promise<Allocation | undefined> {
  contender.run(20_000);
  return bytesPerOperation(contender, QUICK_PACE.allocation);
}

const word = new Int32Array(new SharedArrayBuffer(4));

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

test('in a quick run what the engine adds now and then does not show', async () => {
  let runs = 0;
  const peer = (count: number) => ({ heapBytes: (runs++ % 3 === 1 ? 0 : 200_000) + 10 * count, arrayBufferBytes: 0 });
  const noisy = await measureQuickly(allocating(() => 1, { runMeasuringPeer: peer }));
  assert.ok(Math.abs((noisy?.heapBytes as number) - 10) < 1, `${noisy?.heapBytes}`);
  const nothing = await measureQuickly(allocating((i) => i & 0xff));
  assert.equal(nothing, { heapBytes: 0, arrayBufferBytes: 0 });
  const views = await measureQuickly(allocating(() => new Uint8Array(1000)));
  assert.ok(Math.abs((views?.arrayBufferBytes as number) - 1000) < 1, `${views?.arrayBufferBytes}`);
});

test('in a quick run what a few slow operations do not tell is not told', async () => {
  const run = (count: number): undefined => {
    if (count < 20_000) Atomics.wait(word, 0, 0, count / 2);
  };
  const slow = allocating(() => 1, { run });
  assert.is(await measureQuickly(slow), undefined);
  const dear = allocating(() => new Array(4_000), { batch: 10 });
  const { heapBytes } = (await measureQuickly(dear)) as Allocation;
  assert.ok(heapBytes > 15_000 && heapBytes < 40_000, `${heapBytes}`);
  const steady = allocating((i) => i & 0xff, { steadyOperations: 1_000_000 });
  const late = { ...QUICK_PACE.allocation, operationMs: 1 };
  assert.is(await bytesPerOperation(steady, late), undefined, 'a million of them take longer');
  assert.is(await bytesPerOperation(steady, { ...QUICK_PACE.allocation, steadyWindows: 0 }), undefined);
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
