import type { Trial } from '../processes/Host.ts';

const FIRST_OPERATIONS = 16;
const LEAST_GROWTH = 4;
const MOST_GROWTH = 64;
/** So many operations with hardly more time than a quarter of them: it is a delay that they take, not their number. */
const ENOUGH_OPERATIONS = 1_024;
const LONGEST_DELAY_MS = 60;
/** Less growth than that is a delay. */
const PROPORTION = 2;

/**
 * Finds the batch that fits into a round, from a few operations on. Where a batch ends with a delay, such as that of a
 * delayed acknowledgement, it is a larger one in which that is shared.
 * @param trial runs a batch of at most so many operations
 * @returns operations
 */
export async function quickBatch(trial: (operations: number) => Promise<Trial>, roundMs: number): Promise<number> {
  let before = Number.POSITIVE_INFINITY;
  for (let most = FIRST_OPERATIONS; ; ) {
    const { operations, milliseconds } = await trial(most);
    const fitting = Math.max(1, Math.floor((operations * roundMs) / milliseconds));
    const isWhole = operations < most;
    if (isWhole || milliseconds >= roundMs / 2) {
      const isDelay = milliseconds < Math.min(LONGEST_DELAY_MS, before * PROPORTION);
      if (!isDelay) return Math.min(operations, fitting);
      if (isWhole || operations >= ENOUGH_OPERATIONS) return operations;
    }
    before = milliseconds;
    most = operations * Math.max(LEAST_GROWTH, Math.min(MOST_GROWTH, Math.floor(roundMs / milliseconds)));
  }
}
