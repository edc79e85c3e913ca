/** What a call allocates in the thread that makes it: little, and the same however many were made before. */
import { WorkerPool } from 'flysocket/workers';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { TASKS } from './poolSupport.ts';

const test = suite('allocation of calls');
const ROUNDS = 12;
const CALLS = 1_000;
/** At once. */
const LANES = 50;
const LONGEST_MS = 30_000;
/** The call, its promise, what awaits it, its task and its result: about 1,100 bytes. */
const MOST_BYTES = 1_500;

async function makeCalls(pool: WorkerPool, task: unknown): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let i = 0; i < CALLS / LANES; i++) await pool.run(task);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Bytes that one call takes, garbage or not: the least of some rounds, as what else the engine does only adds. */
async function bytesPerCall(pool: WorkerPool, task: unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc?.();
    const before = bytesInUse();
    await makeCalls(pool, task);
    const bytes = (bytesInUse() - before) / CALLS;
    // A collection amid the round took something away.
    if (bytes > 0) least = Math.min(least, bytes);
  }
  return least;
}

function bytesInUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

for (const [what, task] of [
  ['bytes', new Uint8Array(32)],
  ['a number', 1],
] as const) {
  test(
    `a call with ${what}`,
    async () => {
      const options = { filename: TASKS, minThreads: 1, maxThreads: 1, concurrentTasksPerWorker: LANES };
      const pool = new WorkerPool({ ...options, recordTiming: false });
      for (let i = 0; i < ROUNDS; i++) await makeCalls(pool, task);
      const bytes = await bytesPerCall(pool, task);
      await pool.destroy();
      assert.ok(bytes < MOST_BYTES, `${bytes} bytes per call`);
      assert.ok(Number.isFinite(bytes));
    },
    { timeoutMs: LONGEST_MS },
  );
}

test.run();
