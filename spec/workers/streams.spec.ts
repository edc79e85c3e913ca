/** Streams and channels of a pool: items, credits, ends. */
import { CALL_PREFETCH } from 'flysocket/workers';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { failureOf, itemsOf, newGate, until, withPool } from './poolSupport.ts';

const test = suite('streams of calls');
const MANY = 20_000;

test('items of generators, in order', () =>
  withPool({}, async (pool) => {
    for (const name of ['numbers', 'slowNumbers']) {
      const items = await itemsOf(pool.requestStream(MANY, { name }));
      assert.is(items.length, MANY);
      assert.ok(items.every((item, i) => item === i));
      assert.equal(await itemsOf(pool.requestStream(0, { name })), []);
    }
    assert.is(pool.completed, 4);
  }));

test('the same in batches', () =>
  withPool({}, async (pool) => {
    const items: unknown[] = [];
    let batches = 0;
    for await (const batch of pool.requestStream(MANY, { name: 'numbers' }).batches()) {
      assert.ok(batch.length > 0 && batch.length <= CALL_PREFETCH + 1, String(batch.length));
      items.push(...batch);
      batches++;
    }
    assert.ok(items.length === MANY && items.every((item, i) => item === i));
    assert.ok(batches < MANY / 2, `${batches} batches`);
  }));

test('nothing is asked for before the first read, and no more than was granted', () =>
  withPool({}, async (pool) => {
    const gate = newGate();
    const stream = pool.requestStream(gate, { name: 'counted', prefetch: 8 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.is(Atomics.load(gate, 0), 0);
    assert.equal(await stream.next(), { done: false, value: 0 });
    await until(() => Atomics.load(gate, 0) >= 8);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.is(Atomics.load(gate, 0), 8);
    for (let i = 1; i < 100; i++) assert.equal(await stream.next(), { done: false, value: i });
    await until(() => Atomics.load(gate, 0) >= 100);
    assert.ok(Atomics.load(gate, 0) <= 108, String(Atomics.load(gate, 0)));
    await stream.return();
    await until(() => Atomics.load(gate, 1) === 1, 'the end of the generator');
  }));

test('leaving the loop ends the generator, and frees the place', () =>
  withPool({}, async (pool) => {
    const gate = newGate();
    for await (const item of pool.requestStream(gate, { name: 'counted' })) if (item === 10) break;
    await until(() => Atomics.load(gate, 1) === 1, 'the end of the generator');
    assert.is(await pool.run(1), 1);
    const unread = pool.requestStream(gate, { name: 'counted' });
    await unread.return();
    assert.equal(await itemsOf(unread), []);
  }));

/** It has a credit of its own: `RESERVED_CREDIT`. */
test('what a generator throws comes after its items, as what it is', () =>
  withPool({}, async (pool) => {
    for (const prefetch of [1, 2, 100]) {
      const stream = pool.requestStream(undefined, { name: 'failing', prefetch });
      assert.is((await stream.next()).value, 'first');
      assert.is((await stream.next()).value, 'second');
      const error = await failureOf(stream.next());
      assert.instance(error, RangeError);
      assert.is(error.message, 'no third');
      assert.equal(await stream.next(), { done: true, value: undefined });
    }
  }));

test('an item that cannot be cloned', () =>
  withPool({}, async (pool) => {
    const stream = pool.requestStream(undefined, { name: 'unsendable' });
    assert.is((await stream.next()).value, 'first');
    assert.is((await failureOf(stream.next())).name, 'DataCloneError');
  }));

test('items that are moved', () =>
  withPool({}, async (pool) => {
    const items = await itemsOf(pool.requestStream(300, { name: 'movedItems', prefetch: 4 }));
    assert.equal(
      items.map((item) => (item as Uint8Array).length),
      Array.from({ length: 300 }, (_, i) => i + 1),
    );
  }));

test('a function that gives no items', () =>
  withPool({}, async (pool) => {
    for (const task of [1, 'text', null]) {
      const error = await failureOf(itemsOf(pool.requestStream(task)));
      assert.is(error.code, 'ERR_FLYSOCKET_NOT_ITERABLE');
    }
    assert.equal(await itemsOf(pool.requestStream([1, 2])), [1, 2]);
    assert.equal(await itemsOf(pool.requestStream(['a'], { name: 'later' })), ['a']);
    assert.throws(() => pool.requestChannel(5 as never), /no Iterable/);
    assert.is((await failureOf(itemsOf(pool.requestStream(1, { name: 'nowhere' })))).code, 'ERR_FLYSOCKET_NO_FUNCTION');
  }));

test('a stream is aborted: its function hears of it', () =>
  withPool({}, async (pool) => {
    const gate = newGate();
    const controller = new AbortController();
    const stream = pool.requestStream(gate, { name: 'ownTask', signal: controller.signal });
    assert.is((await stream.next()).value, 'ownTask');
    const next = failureOf(stream.next());
    controller.abort('enough');
    const error = await next;
    assert.is(error.name, 'AbortError');
    assert.is(error.cause, 'enough');
    await until(() => Atomics.load(gate, 1) === 1);
  }));

test('a stream that is stuck when it is left costs its thread', () =>
  withPool({ abortGraceMs: 10 }, async (pool) => {
    const thread = pool.threads[0];
    const stream = pool.requestStream(undefined, { name: 'stuckStream' });
    await stream.next();
    await stream.return();
    await until(() => pool.threads[0] !== thread);
  }));

test('a stream whose thread dies', () =>
  withPool({}, async (pool) => {
    const stream = pool.requestStream(undefined, { name: 'stuckStream' });
    await stream.next();
    const next = failureOf(stream.next());
    await pool.threads[0]?.terminate();
    assert.is((await next).code, 'ERR_FLYSOCKET_WORKER_DIED');
  }));

test('a channel echoes as it is fed', () =>
  withPool({}, async (pool) => {
    const channel = pool.requestChannel(upTo(MANY), { name: 'twice' });
    let i = 0;
    for await (const item of channel) assert.is(item, i++ >> 1);
    assert.is(i, 2 * MANY);
    assert.equal(await itemsOf(pool.requestChannel([], { name: 'twice' })), []);
  }));

test('a channel pulls its items only as they are read', () =>
  withPool({}, async (pool) => {
    let pulled = 0;
    let ended = 0;
    function* endless(): Generator<number> {
      try {
        for (;;) yield pulled++;
      } finally {
        ended++;
      }
    }
    const channel = pool.requestChannel(endless(), { name: 'twice', prefetch: 4 });
    await channel.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(pulled <= 2 * CALL_PREFETCH, String(pulled));
    await channel.return();
    await until(() => ended === 1, 'the end of the items');
    const first = pulled;
    const sum = await itemsOf(pool.requestChannel(endless(), { name: 'sumOfTwo' }));
    assert.equal(sum, [first + first + 1]);
    await until(() => ended === 2, 'the end of the items');
  }));

test('what the items throw reaches the function', () =>
  withPool({}, async (pool) => {
    function* failing(): Generator<number> {
      yield 1;
      throw new RangeError('no more');
    }
    const told = await itemsOf(pool.requestChannel(failing(), { name: 'tellsFailure' }));
    assert.equal(told, ['1', 'RangeError: no more']);
    assert.equal(await itemsOf(pool.requestChannel([2], { name: 'tellsFailure' })), ['2', 'complete']);
  }));

function* upTo(count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield i;
}

test.run();
