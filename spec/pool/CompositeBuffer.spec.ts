import fc from 'fast-check';
import { DirectBuffer } from 'flysocket/flyweight';
import { BufferPool, COMPONENT_OVERHEAD_BYTES, CompositeBuffer, MAX_COALESCED_BYTES } from 'flysocket/pool';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { throwsCode } from './throwsCode.ts';

const test = suite('CompositeBuffer');

/** Bytes that tell their place. */
const SOURCE = new DirectBuffer(Uint8Array.from({ length: 5000 }, (_, i) => (i * 31 + (i >> 8)) & 0xff));

type Way = 'append' | 'addComponent' | 'addSlice';

function add(composite: CompositeBuffer, pool: BufferPool, way: Way, start: number, length: number): void {
  if (way === 'append') composite.append(SOURCE, start, length);
  else if (way === 'addSlice') composite.addSlice(SOURCE, start, length);
  else addPooled(composite, pool, start, length);
}

function addPooled(composite: CompositeBuffer, pool: BufferPool, start: number, length: number): void {
  const pooled = pool.acquire(length + 5);
  try {
    pooled.buffer.putBuffer(pooled.offset + 5, SOURCE, start, length);
    composite.addComponent(pooled, 5, length);
  } catch (error) {
    pooled.release();
    throw error;
  }
}

const anyWay = fc.constantFrom<Way>('append', 'addComponent', 'addSlice');
const anyLength = fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 300 }), fc.nat({ max: 2500 }));
const anyPieces = fc.array(fc.tuple(anyWay, fc.nat({ max: 2500 }), anyLength), { maxLength: 30 });

test('reads as the pieces one after the other', () => {
  const pool = new BufferPool({ tracking: true });
  const composite = new CompositeBuffer(pool);
  const reads = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(anyPieces, reads, (pieces, places) => {
      composite.reset();
      for (const [way, start, length] of pieces) add(composite, pool, way, start, length);
      const model = new DirectBuffer(Buffer.concat(pieces.map(([, start, length]) => SOURCE.slice(start, length))));
      assert.is(composite.length, model.capacity);
      assert.equal(composite.copyOf(0, composite.length), model.copyOf(0, model.capacity));
      for (const [a, b] of places) {
        const index = a % (model.capacity + 1);
        compareAt(composite, model, index, b % (model.capacity - index + 1));
      }
      composite.release();
      pool.assertQuiescent();
    }),
    { numRuns: 150 },
  );
});

function compareAt(composite: CompositeBuffer, model: DirectBuffer, index: number, length: number): void {
  const left = model.capacity - index;
  if (left >= 1) assert.is(composite.getUint8(index), model.getUint8(index));
  if (left >= 2) assert.is(composite.getUint16(index), model.getUint16(index));
  if (left >= 3) assert.is(composite.getUint24(index), model.getUint24(index));
  if (left >= 4) assert.is(composite.getInt32(index), model.getInt32(index));
  assert.equal(composite.copyOf(index, length), model.copyOf(index, length));

  const target = new DirectBuffer(new ArrayBuffer(length + 8));
  composite.getBytes(index, target, 3, length);
  assert.equal(target.copyOf(3, length), model.copyOf(index, length));
  assert.equal([...target.copyOf(0, 3), ...target.copyOf(length + 3, 5)], [0, 0, 0, 0, 0, 0, 0, 0]);

  const run = composite.contiguousLength(index);
  assert.is(run === 0, left === 0);
  assert.ok(composite.contiguous(index, run));
  if (run < left) assert.not.ok(composite.contiguous(index, run + 1));
  const place = composite.componentOffset(index);
  assert.equal(composite.componentBuffer(index).copyOf(place, run), model.copyOf(index, run));
}

test('reads numbers across every kind of border', () => {
  const pool = new BufferPool();
  const composite = new CompositeBuffer(pool);
  for (let i = 0; i < 4; i++) add(composite, pool, 'addSlice', i * 257, 257);
  const model = new DirectBuffer(SOURCE.copyOf(0, 4 * 257));
  assert.is(composite.componentCount, 4);
  for (let index = 0; index <= model.capacity; index++) compareAt(composite, model, index, 0);
  for (let index = model.capacity; index >= 0; index--) compareAt(composite, model, index, 0);
});

test('holds large pieces without a copy', () => {
  const pool = new BufferPool();
  const composite = new CompositeBuffer(pool);
  const pooled = pool.acquire(1000);
  composite.addComponent(pooled, 100, 900);
  assert.is(composite.componentBuffer(0), pooled.buffer);
  assert.is(composite.componentOffset(0), pooled.offset + 100);
  assert.is(pooled.refCnt, 1);
  composite.release();
  assert.is(pooled.refCnt, 0);
});

test('small pieces become few components of up to MAX_TAIL_BYTES, and pin little memory', () => {
  for (const way of ['append', 'addComponent', 'addSlice'] as const) {
    const pool = new BufferPool({ tracking: true });
    const composite = new CompositeBuffer(pool);
    for (let i = 0; i < 4000; i++) add(composite, pool, way, i, 1 + (i % MAX_COALESCED_BYTES));
    assert.ok(composite.componentCount < 20, `${composite.componentCount} components`);
    const { bytesInUse } = pool.stats;
    assert.ok(bytesInUse < 2 * composite.length, `${bytesInUse} bytes for ${composite.length}`);
    composite.release();
    pool.assertQuiescent();
  }
});

test('small pieces between large ones share a tail of MIN_TAIL_BYTES', () => {
  const pool = new BufferPool({ tracking: true });
  const composite = new CompositeBuffer(pool);
  for (let i = 0; i < 100; i++) {
    add(composite, pool, 'addSlice', i, 300);
    add(composite, pool, 'append', i, 10);
  }
  assert.is(composite.componentCount, 200);
  assert.is(pool.stats.inUse, 1);
  assert.equal(composite.copyOf(310 * 7 + 300, 10), SOURCE.copyOf(7, 10));
  composite.release();
  pool.assertQuiescent();
});

test('charges each component, and refuses what goes beyond', () => {
  const pool = new BufferPool({ tracking: true });
  const maxBytes = 2 * (300 + COMPONENT_OVERHEAD_BYTES);
  const composite = new CompositeBuffer(pool, { maxBytes });
  add(composite, pool, 'addSlice', 0, 300);
  const pooled = pool.acquire(301);
  const message = throwsCode(() => composite.addComponent(pooled, 0, 301), 'ERR_FLYSOCKET_COMPOSITE_LIMIT');
  assert.match(message, `857 bytes with overhead (maxBytes=${maxBytes})`);
  assert.is(pooled.refCnt, 1);
  assert.is(composite.length, 300);
  composite.addComponent(pooled, 0, 300);
  assert.is(composite.chargedBytes, maxBytes);
  throwsCode(() => composite.append(SOURCE, 0, 1), 'ERR_FLYSOCKET_COMPOSITE_LIMIT');
  composite.release();
  pool.assertQuiescent();
});

test('the number of components is bounded', () => {
  const pool = new BufferPool({ tracking: true });
  const composite = new CompositeBuffer(pool, { maxComponents: 3 });
  for (let i = 0; i < 3; i++) add(composite, pool, 'addComponent', 0, 300);
  for (const way of ['append', 'addComponent', 'addSlice'] as const) {
    for (const length of [1, 300]) {
      throwsCode(() => add(composite, pool, way, 0, length), 'ERR_FLYSOCKET_COMPOSITE_LIMIT');
    }
  }
  assert.is(composite.length, 900);
  composite.release();
  pool.assertQuiescent();
});

test('refuses places that are none', () => {
  const pool = new BufferPool({ tracking: true });
  const composite = new CompositeBuffer(pool);
  composite.append(SOURCE, 0, 10);
  const target = new DirectBuffer(new ArrayBuffer(8));
  const pooled = pool.acquire(64);
  for (const misuse of [
    () => composite.getUint8(10),
    () => composite.getUint8(-1),
    () => composite.getUint16(9),
    () => composite.getUint24(8),
    () => composite.getInt32(7),
    () => composite.copyOf(5, 6),
    () => composite.getBytes(0, target, 0, 9),
    () => composite.getBytes(5, target, 0, 6),
    () => composite.contiguous(0, 11),
    () => composite.componentBuffer(11),
    () => composite.append(SOURCE, 4999, 2),
    () => composite.addSlice(SOURCE, -1, 2),
    () => composite.addComponent(pooled, 60, 5),
  ]) {
    throwsCode(misuse, 'ERR_FLYSOCKET_OUT_OF_BOUNDS');
  }
  assert.is(composite.length, 10);
  composite.release();
  pooled.release();
  pool.assertQuiescent();
});

test('an empty one reads as nothing', () => {
  const composite = new CompositeBuffer(new BufferPool());
  assert.is(composite.length, 0);
  assert.ok(composite.contiguous(0, 0));
  assert.is(composite.componentOffset(0), 0);
  assert.is(composite.componentBuffer(0).capacity, 0);
  assert.is(composite.copyOf(0, 0).length, 0);
});

test('is released once, and lives again by reset', () => {
  const pool = new BufferPool({ tracking: true });
  const composite = new CompositeBuffer(pool);
  composite.append(SOURCE, 0, 1000);
  composite.release();
  throwsCode(() => composite.release(), 'ERR_FLYSOCKET_DOUBLE_RELEASE');
  throwsCode(() => composite.append(SOURCE, 0, 1), 'ERR_FLYSOCKET_USE_AFTER_RELEASE');
  throwsCode(() => composite.addSlice(SOURCE, 0, 1000), 'ERR_FLYSOCKET_USE_AFTER_RELEASE');
  composite.reset();
  assert.is(composite.length, 0);
  composite.append(SOURCE, 1, 10);
  assert.is(composite.getUint8(0), SOURCE.getUint8(1));
  composite.reset();
  pool.assertQuiescent();
});

test('finds its place when it is used again with fewer components', () => {
  const composite = new CompositeBuffer(new BufferPool());
  for (let i = 0; i < 10; i++) composite.addSlice(SOURCE, 0, 300);
  composite.getUint8(2999);
  composite.reset();
  for (let i = 0; i < 2; i++) composite.addSlice(SOURCE, 0, 2000);
  assert.is(composite.getUint8(3500), SOURCE.getUint8(1500));
  composite.release();
});

test('takes over no reference that is not there', () => {
  const pool = new BufferPool();
  const composite = new CompositeBuffer(pool);
  for (const length of [10, 1000]) {
    const pooled = pool.acquire(length);
    pooled.release();
    throwsCode(() => composite.addComponent(pooled, 0, length), 'ERR_FLYSOCKET_USE_AFTER_RELEASE');
  }
  assert.is(composite.length, 0);
});

test('whichever acquire fails, nothing is lost', () => {
  let failures = 0;
  for (let failing = 1; ; failing++) {
    const pool = new BufferPool({ tracking: true });
    const composite = new CompositeBuffer(pool);
    const failed = failFrom(pool, failing);
    try {
      for (let i = 0; i < 40; i++) add(composite, pool, i % 3 === 0 ? 'addComponent' : 'append', i, (i * 97) % 1500);
    } catch {
      failures++;
    }
    composite.release();
    assert.is(pool.stats.acquired, pool.stats.released, `acquire ${failing} failed`);
    pool.assertQuiescent();
    if (!failed()) break;
  }
  assert.ok(failures > 15, `${failures} failures`);
});

/** Makes the pool's `n`th acquire, and all after it, find no room. @returns whether it came to that */
function failFrom(pool: BufferPool, n: number): () => boolean {
  const exhausted = new BufferPool({ maxBytes: 0 });
  let calls = 0;
  const source = (): BufferPool => (++calls < n ? pool : exhausted);
  const acquire = pool.acquire;
  const tryAcquire = pool.tryAcquire;
  pool.acquire = (length) => acquire.call(source(), length);
  pool.tryAcquire = (length) => tryAcquire.call(source(), length);
  return () => calls >= n;
}

test.run();
