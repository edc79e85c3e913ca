/** Values on their way: by the ring and by the port in one order, large ones, moved and borrowed ones. */
import { MessageChannel } from 'node:worker_threads';
import { PooledBuffer } from 'flysocket/pool';
import { move } from 'flysocket/workers';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { failureOf, itemsOf, newGate, withPool } from './poolSupport.ts';

const test = suite('values of calls');
const LARGE = 3_000_000;

/** Of a kind that goes by the ring, or by the port, in turns. */
function mixed(i: number): unknown {
  switch (i % 5) {
    case 0:
      return new Uint8Array([i, i >> 8]);
    case 1:
      return { i };
    case 2:
      return new Error(String(i));
    case 3:
      return /i/g;
    default:
      return i;
  }
}

test('values by the ring and by the port keep their order, in both directions', () =>
  withPool({ concurrentTasksPerWorker: 64 }, async (pool) => {
    const count = 2_000;
    const order: number[] = [];
    const calls = Array.from({ length: count }, (_, i) =>
      pool.run(mixed(i)).then((result) => {
        order.push(i);
        assert.equal(result, structuredClone(mixed(i)));
      }),
    );
    await Promise.all(calls);
    assert.ok(order.every((value, i) => value === i));
    const items = await itemsOf(pool.requestStream(Array.from({ length: count }, (_, i) => mixed(i))));
    assert.equal(items, structuredClone(Array.from({ length: count }, (_, i) => mixed(i))));
    const echoed = await itemsOf(pool.requestChannel(Array.from({ length: count }, (_, i) => mixed(i))));
    assert.equal(echoed, items);
  }));

test('many large values at once, through a small ring', () =>
  withPool({ concurrentTasksPerWorker: 16, ringCapacity: 16_384 }, async (pool) => {
    const large = (i: number): Uint8Array => new Uint8Array(200_000 + i).fill(i);
    const results = await Promise.all(Array.from({ length: 100 }, (_, i) => pool.run(large(i))));
    for (const [i, result] of results.entries()) assert.ok(isFilled(result as Uint8Array, 200_000 + i, i));
    const mixedResults = await Promise.all(Array.from({ length: 300 }, (_, i) => pool.run(mixed(i))));
    assert.equal(mixedResults, structuredClone(Array.from({ length: 300 }, (_, i) => mixed(i))));
  }));

test('values beyond what a link puts together from fragments', () =>
  withPool({}, async (pool) => {
    for (const length of [LARGE, 40_000_000]) {
      const result = (await pool.run(new Uint8Array(length).fill(7))) as Uint8Array;
      assert.ok(isFilled(result, length, 7));
    }
    const text = 'x'.repeat(LARGE);
    assert.equal(await pool.run({ text }), { text });
  }));

/** More than `MAX_QUEUED_ANSWER_BYTES` all together, while nobody reads. */
test('answers that nobody reads for a while', () =>
  withPool({ concurrentTasksPerWorker: 100 }, async (pool) => {
    await pool.run(1);
    const count = newGate();
    const calls = Array.from({ length: 100 }, () => pool.run(count, { name: 'large' }));
    await new Promise((resolve) => setImmediate(resolve));
    const end = performance.now() + 2_000;
    while (Atomics.load(count, 0) < 100 && performance.now() < end);
    const results = (await Promise.all(calls)) as Uint8Array[];
    assert.ok(results.every((result) => isFilled(result, 400_000, 5)));
  }));

test('a transfer list moves', () =>
  withPool({}, async (pool) => {
    const buffer = new ArrayBuffer(100);
    const result = await pool.run(buffer, { transferList: [buffer] });
    assert.is(buffer.byteLength, 0);
    assert.is((result as ArrayBuffer).byteLength, 100);
    const { port1, port2 } = new MessageChannel();
    const got = (await pool.run({ port: port1 }, { name: 'sendBy', transferList: [port1] })) as string;
    assert.is(got, 'sent');
    await new Promise((resolve) => port2.once('message', resolve));
    port2.close();
  }));

test('what was moved: tasks, results', () =>
  withPool({}, async (pool) => {
    const bytes = new Uint8Array(50).fill(1);
    const result = (await pool.run(move(bytes) as Uint8Array, { name: 'sumOf' })) as number;
    assert.is(result, 50);
    assert.is(bytes.length, 0);
    assert.is(((await pool.run(70, { name: 'moved' })) as ArrayBuffer).byteLength, 70);
  }));

test('a buffer of the pool goes and is released, whatever happens', () =>
  withPool({}, async (pool) => {
    const filled = (length: number): PooledBuffer => {
      const pooled = pool.allocate(length);
      pooled.buffer.bytes.fill(2, pooled.offset, pooled.offset + length);
      return pooled;
    };
    for (const length of [10, 100_000, LARGE]) {
      assert.is(await pool.run(filled(length), { name: 'sumOf' }), 2 * length);
      const copy = (await pool.run(filled(length))) as Uint8Array;
      assert.ok(isFilled(copy, length, 2));
    }
    /** Beyond `MAX_FRAMED_BYTES`, and beyond `MAX_REFERENCED_BYTES`. */
    for (const length of [9_000_000, 34_000_000]) {
      assert.is(await pool.run(filled(length), { name: 'sumOf' }), 2 * length);
      assert.is(await pool.run(filled(length), { name: 'sumOf' }), 2 * length);
    }
    await failureOf(pool.run(filled(10), { name: 'nowhere' }));
    await failureOf(pool.run(filled(10), { name: 5 as never }));
    await failureOf(pool.run(filled(10), { signal: AbortSignal.abort() }));
    const waiting = [pool.run(filled(10)), failureOf(pool.run(filled(10), { name: 'never', timeoutMs: 0 }))];
    await Promise.all(waiting);
  }));

test('a borrowed result is a buffer of the pool', () =>
  withPool({}, async (pool) => {
    for (const length of [10, 100_000, LARGE]) {
      for (const name of ['default', 'filled']) {
        const task = name === 'default' ? new Uint8Array(length).fill(3) : { length, byte: 3 };
        const result = await pool.run(task, { name, borrow: true });
        assert.instance(result, PooledBuffer);
        const { buffer, offset } = result as PooledBuffer;
        assert.ok(isFilled(buffer.slice(offset, length), length, 3));
        (result as PooledBuffer).release();
      }
      assert.ok(isFilled((await pool.run({ length, byte: 4 }, { name: 'filled' })) as Uint8Array, length, 4));
    }
    assert.equal(await pool.run({ no: 'bytes' }, { borrow: true }), { no: 'bytes' });
    const error = await failureOf(pool.run('error', { name: 'fail', borrow: true }));
    assert.instance(error, RangeError);
  }));

test('a serializer that throws, or lies, costs its call alone', () =>
  withPool({ serializer: new URL('./faulty.serializer.js', import.meta.url) }, async (pool) => {
    assert.equal(await pool.run({ sound: true }), { sound: true });
    for (const fault of ['throws', 'lies', 'grows', 'unreadable']) {
      const error = await failureOf(pool.run({ fault }));
      assert.is(error.code, 'ERR_FLYSOCKET_SERIALIZER', fault);
    }
    const inWorker = await failureOf(pool.run('throws', { name: 'faulty' }));
    assert.is(inWorker.code, 'ERR_FLYSOCKET_SERIALIZER');
    assert.equal(await pool.run({ sound: true }), { sound: true });
  }));

function isFilled(bytes: Uint8Array, length: number, byte: number): boolean {
  return bytes.length === length && bytes.every((each) => each === (byte & 0xff));
}

test.run();
