import { LARGEST_CLASS_BYTES, SIZE_CLASS_COUNT, SMALLEST_CLASS_BYTES, sizeClassOf, sizeOfClass } from 'flysocket/pool';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('SizeClasses');

test('the sizes are as drawn', () => {
  const sizes = Array.from({ length: SIZE_CLASS_COUNT }, (_, sizeClass) => sizeOfClass(sizeClass));
  assert.equal(sizes.slice(0, 9), [64, 80, 96, 112, 128, 160, 192, 224, 256]);
  assert.equal(
    sizes.slice(-4),
    [640, 768, 896, 1024].map((kib) => kib * 1024),
  );
  assert.is(sizes[0], SMALLEST_CLASS_BYTES);
  assert.is(sizes.at(-1), LARGEST_CLASS_BYTES);
  for (const size of sizes) assert.is(size % 16, 0);
});

test('every length falls into the smallest class that fits', () => {
  let expected = 0;
  for (let length = 0; length <= LARGEST_CLASS_BYTES; length++) {
    if (length > sizeOfClass(expected)) expected++;
    if (sizeClassOf(length) !== expected) assert.is(sizeClassOf(length), expected, `length ${length}`);
  }
  assert.is(expected, SIZE_CLASS_COUNT - 1);
});

test('wastes less than a fifth above the smallest class', () => {
  for (let sizeClass = 1; sizeClass < SIZE_CLASS_COUNT; sizeClass++) {
    const size = sizeOfClass(sizeClass);
    const shortest = sizeOfClass(sizeClass - 1) + 1;
    assert.ok((size - shortest) / size < 0.2, `${shortest} bytes in ${size}`);
  }
});

test.run();
