import fc from 'fast-check';
import { DEFAULT_SLICE_SLAB_BYTES, SliceAllocator } from 'flysocket/pool';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { throwsCode } from './throwsCode.ts';

const test = suite('SliceAllocator');

test('slices are aligned as asked, zero, within their memory and apart from each other', () => {
  const requests = fc.array(fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 7 })), { maxLength: 100 });
  fc.assert(
    fc.property(requests, (slices) => {
      const allocator = new SliceAllocator(1024);
      for (const [length, alignment] of slices) {
        const offset = allocator.allocate(length, alignment);
        const { buffer } = allocator;
        assert.is((buffer.byteOffset + offset) & 7, alignment);
        assert.ok(offset + length <= buffer.capacity);
        const slice = buffer.slice(offset, length);
        assert.ok(
          slice.every((byte) => byte === 0),
          'written by another slice',
        );
        slice.fill(0xff);
      }
    }),
  );
});

test('fills a slab before it takes the next', () => {
  const allocator = new SliceAllocator();
  allocator.allocate(1000);
  const first = allocator.buffer;
  assert.is(first.capacity, DEFAULT_SLICE_SLAB_BYTES);
  let slices = 1;
  for (; allocator.buffer === first; slices++) allocator.allocate(1000);
  assert.is(slices, Math.floor(DEFAULT_SLICE_SLAB_BYTES / 1000) + 1);
  assert.is(allocator.allocate(8), 1000);
});

test('what is above a quarter of a slab gets memory of its own, and the slab goes on', () => {
  const allocator = new SliceAllocator(1024);
  assert.is(allocator.allocate(256), 0);
  const slab = allocator.buffer;
  assert.is(allocator.allocate(257, 5), 5);
  assert.is(allocator.buffer.capacity, 262);
  assert.is(allocator.allocate(1), 256);
  assert.is(allocator.buffer, slab);
});

test('refuses lengths that are none', () => {
  const allocator = new SliceAllocator();
  for (const length of [-1, Number.NaN]) throwsCode(() => allocator.allocate(length), 'ERR_FLYSOCKET_OUT_OF_BOUNDS');
});

test.run();
