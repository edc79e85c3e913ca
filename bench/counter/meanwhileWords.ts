/** Where threads add up what they did meanwhile. */
import type { Meanwhile } from './Counting.ts';

const STEPS_WORD = 0;
const LOST_WORD = 1;

export function newMeanwhileWords(): BigInt64Array<SharedArrayBuffer> {
  return new BigInt64Array(new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT));
}

export function addMeanwhile(words: BigInt64Array, { steps, lost }: Meanwhile): void {
  Atomics.add(words, STEPS_WORD, BigInt(steps));
  Atomics.add(words, LOST_WORD, BigInt(lost));
}

export function readMeanwhile(words: BigInt64Array): Meanwhile {
  return { steps: Number(Atomics.load(words, STEPS_WORD)), lost: Number(Atomics.load(words, LOST_WORD)) };
}
