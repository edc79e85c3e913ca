/**
 * The sizes in which a pool hands out memory: from 64 bytes to 1 MiB, each power of two and three steps of a quarter
 * between it and the next.
 *
 *  group   step 1    step 2    step 3    step 4         class = 4 * group + step
 *    -       64                                         class 0
 *    0       80        96        112       128          classes 1 - 4
 *    1       160       192       224       256          classes 5 - 8
 *    2       320       384       448       512
 *   ...
 *    13      640 Ki    768 Ki    896 Ki    1 Mi         classes 53 - 56
 *
 * Above the smallest class, a request wastes less than a fifth of what it gets. Every size is a multiple of 16. The
 * class of a length comes from its bits alone: with n = length - 1, the place of the highest bit of n is the group,
 * and the two bits below it are the step.
 *
 *  length 200, n = 199 = 0b1_10_00111    highest bit 7: group 1; then 10: step 3    class 7, 224 bytes
 */
const SMALLEST_BITS = 6;

/** Size of the smallest class in bytes. */
export const SMALLEST_CLASS_BYTES: number = 1 << SMALLEST_BITS;
/** Size of the largest class in bytes: a longer request gets memory of its own. */
export const LARGEST_CLASS_BYTES: number = 1 << 20;

/**
 * The class that a request falls into.
 * @param length in bytes, from 0 to `LARGEST_CLASS_BYTES`
 */
export function sizeClassOf(length: number): number {
  if (length <= SMALLEST_CLASS_BYTES) return 0;
  const n = length - 1;
  const highestBit = 31 - Math.clz32(n);
  return ((highestBit - SMALLEST_BITS) << 2) + ((n >>> (highestBit - 2)) & 3) + 1;
}

/** The size of a class in bytes. */
export function sizeOfClass(sizeClass: number): number {
  if (sizeClass === 0) return SMALLEST_CLASS_BYTES;
  const group = (sizeClass - 1) >>> 2;
  const step = ((sizeClass - 1) & 3) + 1;
  return ((4 + step) << (SMALLEST_BITS - 2)) << group;
}

/** Number of classes: they are numbered from 0. */
export const SIZE_CLASS_COUNT: number = sizeClassOf(LARGEST_CLASS_BYTES) + 1;
