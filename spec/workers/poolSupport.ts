import { countedPoolOfThisThread, SharedBlocks } from 'flysocket/shm-transport';
import { WorkerPool, type WorkerPoolOptions } from 'flysocket/workers';
import * as assert from 'uvu/assert';

/** The file of `tasks.worker.ts`. */
export const TASKS: string = new URL('./tasks.worker.js', import.meta.url).href;
/** How long is waited for what must come. */
const PATIENCE_MS = 9_000;

/** Two words that a worker and a spec share. */
export function newGate(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** Lets the functions go that hold on to that gate. */
export function openGate(gate: Int32Array): void {
  Atomics.store(gate, 1, 1);
  Atomics.notify(gate, 1);
}

/** Runs `use` with a pool of one thread, if not said otherwise; it can be used then, and nothing is left. */
export async function withPool<T>(options: WorkerPoolOptions, use: (pool: WorkerPool) => Promise<T>): Promise<T> {
  const pool = new WorkerPool({ filename: TASKS, minThreads: 1, maxThreads: 1, ...options });
  try {
    const result = await use(pool);
    if (options.filename === undefined) assert.is(await pool.run('still there', { name: 'default' }), 'still there');
    return result;
  } finally {
    await pool.destroy();
    countedPoolOfThisThread().assertQuiescent();
    SharedBlocks.ofThisThread().assertQuiescent();
    assert.is(pool.threads.length, 0);
    assert.is(pool.queueSize, 0);
  }
}

/** Waits until `holds`, and fails if it never does. */
export async function until(holds: () => boolean, what = 'what was waited for'): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error & { code?: string };
  }
  throw new Error('it did not fail');
}

/** All items of a stream. */
export async function itemsOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
