export interface BytesPerOpOptions {
  /** Operations in one round at most; a round of allocating code is shorter. 200,000 unless said. */
  readonly operations?: number;
  /** Rounds measured, of which the lower quartile counts: what else the engine does only adds. 7 unless said. */
  readonly rounds?: number;
  /** Rounds of `operations` run before, so that the code is optimised and its lazy parts are there. 3 unless said. */
  readonly warmUpRounds?: number;
}

/**
 * What one round may allocate, in bytes: half of V8's smallest young generation. A collection within the round would
 * take away the garbage that is to be counted.
 */
const ROUND_BUDGET = 512 * 1024;
const FIRST_ROUND = 64;
/**
 * How often code is measured that seems to allocate: engines with a compiler in the middle (V8 since Node 22) box
 * numbers and BigInts until the last one has done its work, sometimes after several rounds of a new size. What
 * allocates in the steady state does so every time.
 */
const ATTEMPTS = 8;
/** Before each look but the first: on a busy machine the compiler's threads are the last to get a processor. */
const COMPILER_PAUSE_MS = 25;
const nobody = new Int32Array(new SharedArrayBuffer(4));
/** Bytes per operation that need no second look. */
const STEADY = 0.5;

/**
 * Bytes that one operation allocates on the JavaScript heap and outside it (array buffers), garbage or not.
 *
 * `run(operations)` performs that many operations in a loop of its own. Allocation-free code reports less than 0.1
 * (what the engine itself allocates now and then is spread over the round); `{ a: 1 }` in each reports 16 or more.
 *
 * @throws Error if node runs without `--expose-gc`
 */
export function bytesPerOp(
  run: (operations: number) => void,
  { operations = 200_000, rounds = 7, warmUpRounds = 3 }: BytesPerOpOptions = {},
): number {
  if (globalThis.gc === undefined) throw new Error('bytesPerOp needs the garbage collector: run node with --expose-gc');
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && least > STEADY; attempt++) {
    for (let round = 0; round < warmUpRounds; round++) run(operations);
    if (attempt > 0) Atomics.wait(nobody, 0, 0, COMPILER_PAUSE_MS);
    const fitting = operationsWithinBudget(run, operations);
    const results = Array.from({ length: rounds }, () => bytesAllocated(run, fitting) / fitting);
    least = Math.min(least, results.sort((a, b) => a - b)[(rounds - 1) >> 2] as number);
  }
  return least;
}

/** Doubles the round from a small one, so that none on the way outgrows the budget by more than twice. */
function operationsWithinBudget(run: (operations: number) => void, most: number): number {
  let operations = Math.min(FIRST_ROUND, most);
  while (operations < most && bytesAllocated(run, operations) < ROUND_BUDGET / 2)
    operations = Math.min(operations * 2, most);
  return operations;
}

function bytesAllocated(run: (operations: number) => void, operations: number): number {
  // The second collection completes what the first one left to be swept beside the program.
  globalThis.gc?.();
  globalThis.gc?.();
  const before = bytesInUse();
  run(operations);
  return bytesInUse() - before;
}

function bytesInUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
