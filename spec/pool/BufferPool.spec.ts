import fc from 'fast-check';
import { BufferPool, type BufferPoolOptions, LARGEST_CLASS_BYTES, type PooledBuffer } from 'flysocket/pool';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { throwsCode } from './throwsCode.ts';

const test = suite('BufferPool');

const KINDS: BufferPoolOptions[] = [
  { shared: false, tracking: false },
  { shared: true, tracking: false },
  { shared: false, tracking: true },
  { shared: true, tracking: true },
];

for (const kind of KINDS) {
  const name = JSON.stringify(kind);

  test(`never lets two buffers overlap ${name}`, () => {
    const step = fc.oneof(fc.nat({ max: 3000 }), fc.nat({ max: 2 ** 21 }), fc.constant(-1), fc.constant(-1));
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.nat()), { maxLength: 60 }), (steps) => {
        const pool = new BufferPool({ ...kind, slabBytes: 4096, maxBytes: 2 ** 23 });
        const held: { pooled: PooledBuffer; mark: number }[] = [];
        const drop = (at: number) => {
          const [{ pooled, mark }] = held.splice(at, 1) as [(typeof held)[number]];
          const { buffer, offset, capacity } = pooled;
          for (const i of [0, capacity >> 1, capacity - 1]) assert.is(buffer.getUint8(offset + i), mark);
          assert.ok(pooled.release());
        };
        for (const [mark, [length, pick]] of steps.entries()) {
          if (length >= 0) {
            const pooled = pool.tryAcquire(length);
            if (pooled === null) continue;
            assert.ok(pooled.capacity >= length && pooled.length === length && pooled.refCnt === 1);
            pooled.buffer.bytes.fill(mark, pooled.offset, pooled.offset + pooled.capacity);
            held.push({ pooled, mark });
          } else if (held.length > 0) {
            drop(pick % held.length);
          }
          assert.is(pool.stats.inUse, held.length);
          assert.ok(pool.stats.bytesInUse <= pool.stats.bytesReserved && pool.stats.bytesReserved <= pool.maxBytes);
        }
        while (held.length > 0) drop(0);
        pool.assertQuiescent();
        pool.trim();
        assert.is(pool.stats.bytesReserved, 0);
        assert.is(pool.stats.slabsAllocated, pool.stats.slabsFreed);
      }),
      { numRuns: 40 },
    );
  });
}

test('gives out the memory it was asked for', () => {
  const buffers = [1, 100_000, LARGEST_CLASS_BYTES + 1];
  for (const shared of [true, false]) {
    const pool = new BufferPool({ shared });
    for (const length of buffers) {
      const pooled = pool.acquire(length);
      assert.is(pooled.buffer.buffer instanceof SharedArrayBuffer, shared);
      assert.is((pooled.buffer.byteOffset + pooled.offset) % 8, 0);
      pooled.release();
    }
  }
});

test('hands the same object out again, in a new epoch', () => {
  const pool = new BufferPool();
  const first = pool.acquire(100);
  const { epoch } = first;
  assert.ok(first.isCurrent(epoch));
  first.release();
  const second = pool.acquire(105);
  assert.is(second, first);
  assert.is(second.length, 105);
  assert.not.ok(second.isCurrent(epoch));
});

test('a bound that was reached refuses, until something is released', () => {
  const pool = new BufferPool({ maxBytes: 4096, slabBytes: 1024, label: 'small' });
  const held: PooledBuffer[] = [];
  for (let pooled = pool.tryAcquire(512); pooled !== null; pooled = pool.tryAcquire(512)) held.push(pooled);
  assert.is(held.length, 8);
  const message = throwsCode(() => pool.acquire(512), 'ERR_FLYSOCKET_POOL_EXHAUSTED');
  assert.match(message, 'pool "small": no room for 512 bytes: maxBytes=4096, bytesReserved=4096, inUse=8');
  throwsCode(() => pool.acquire(2 ** 30), 'ERR_FLYSOCKET_POOL_EXHAUSTED');
  assert.is(pool.stats.refused, 3);
  held.pop()!.release();
  held.push(pool.acquire(512));
  for (const pooled of held) pooled.release();
  pool.assertQuiescent();
});

test('empty slabs make room for other sizes', () => {
  const pool = new BufferPool({ maxBytes: 4096, slabBytes: 4096 });
  pool.acquire(64).release();
  assert.is(pool.stats.bytesReserved, 4096);
  const other = pool.acquire(1000);
  assert.ok(pool.stats.bytesReserved <= 4096);
  other.release();
  const large = pool.acquire(4096);
  assert.is(pool.tryAcquire(64), null);
  large.release();
});

test('what is left of the bound is used, though it is less than a slab', () => {
  const pool = new BufferPool({ maxBytes: 4096 + 1024, slabBytes: 4096 });
  const held = [64, 512].map((length) => pool.acquire(length));
  assert.is(pool.stats.bytesReserved, 5120);
  for (const pooled of held) pooled.release();
});

test('keeps one empty slab of a size, KEPT_EMPTY_SLABS, and no more', () => {
  const pool = new BufferPool({ slabBytes: 1024 });
  const held = Array.from({ length: 30 }, () => pool.acquire(256));
  assert.is(pool.stats.slabsAllocated, 8);
  for (const pooled of held) pooled.release();
  assert.is(pool.stats.slabsAllocated - pool.stats.slabsFreed, 1);
  assert.is(pool.trim(), 1024);
  assert.is(pool.stats.bytesReserved, 0);
});

test('keeps one more for each time that it gave one back too soon, up to MAX_KEPT_EMPTY_SLABS', () => {
  const pool = new BufferPool({ slabBytes: 1024 });
  const burst = (slabs: number): number => {
    const held = Array.from({ length: 4 * slabs }, () => pool.acquire(256));
    for (const pooled of held) pooled.release();
    return pool.stats.slabsAllocated - pool.stats.slabsFreed;
  };
  assert.equal(
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(() => burst(20)),
    [1, 2, 3, 4, 5, 6, 7, 8, 8, 8],
  );
  const { slabsAllocated } = pool.stats;
  burst(8);
  assert.is(pool.stats.slabsAllocated, slabsAllocated, 'what it keeps is enough for less');
  assert.is(pool.trim(), 8 * 1024);
  assert.equal([burst(3), burst(1), burst(3)], [1, 1, 2], 'and after a trim it begins anew');
});

test('slabs that fill up and slabs that are given back leave the others in reach', () => {
  const pool = new BufferPool({ slabBytes: 512 });
  const [a, b, c] = [0, 1, 2].map(() => [pool.acquire(256), pool.acquire(256)] as const);
  for (const [first] of [a!, b!, c!]) first.release();
  const refill = pool.acquire(256);
  assert.is(refill.buffer, c![0].buffer);
  a![1].release();
  b![1].release();
  assert.is(pool.stats.slabsFreed, 1);
  const again = pool.acquire(256);
  assert.is(again.buffer, a![0].buffer);
  for (const pooled of [again, refill, c![1]]) pooled.release();
  pool.trim();
  assert.is(pool.stats.bytesReserved, 0);
});

test('a slab of small buffers has MAX_SLOTS of them', () => {
  const pool = new BufferPool();
  const buffers = Array.from({ length: 1_024 }, () => pool.acquire(64));
  assert.is(pool.stats.bytesReserved, 65_536);
  buffers.push(pool.acquire(64));
  assert.is(pool.stats.bytesReserved, 131_072);
  for (const pooled of buffers) pooled.release();
});

test('memory too large for a slab is its own, counted, and gone when released', () => {
  const pool = new BufferPool({ maxBytes: 2 ** 22 });
  const huge = pool.acquire(LARGEST_CLASS_BYTES + 1);
  assert.is(huge.capacity, LARGEST_CLASS_BYTES + 8);
  assert.is(pool.stats.bytesReserved, huge.capacity);
  assert.is(pool.stats.bytesInUse, huge.capacity);
  assert.is(pool.tryAcquire(2 ** 22), null);
  huge.release();
  assert.is(pool.stats.bytesReserved, 0);
  throwsCode(() => huge.release(), 'ERR_FLYSOCKET_DOUBLE_RELEASE');
});

test('refuses lengths that are none', () => {
  const pool = new BufferPool();
  for (const length of [-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    throwsCode(() => pool.acquire(length), 'ERR_FLYSOCKET_OUT_OF_BOUNDS');
  }
});

test('counts', () => {
  const pool = new BufferPool();
  const a = pool.acquire(10);
  const b = pool.acquire(100);
  a.release();
  const { acquired, released, bytesAcquired, bytesReleased, inUse, bytesInUse } = pool.stats;
  assert.equal([acquired, released, bytesAcquired, bytesReleased, inUse, bytesInUse], [2, 1, 176, 64, 1, 112]);
  b.release();
});

test('an untracked pool counts its leaks', () => {
  const pool = new BufferPool({ label: 'quick' });
  pool.acquire(10);
  const message = throwsCode(() => pool.assertQuiescent(), 'ERR_FLYSOCKET_POOL_LEAK');
  assert.match(message, 'pool "quick": 1 buffers of 64 bytes are out');
  assert.equal(pool.leaks(), []);
});

test.run();
