/** Threads made and killed in a row: nothing of them is left. */
import { CountersReader, processCounters } from 'flysocket/counters';
import { WorkerPool } from 'flysocket/workers';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { failureOf, TASKS, until } from './poolSupport.ts';

const test = suite('threads made and killed');
const CYCLES = Number(process.env['FLYSOCKET_SPEC_CYCLES'] ?? 60);
const CYCLES_TIMEOUT_MS = 1_000 * CYCLES;
/** After so many, everything is there that is made once. */
const WARM_UP_CYCLES = 10;
/** A link's two rings alone take half a megabyte: those of a tenth of the cycles would show. */
const MOST_BYTES_PER_CYCLE = 50_000;
/** What the engine may hold on to for a while. */
const SLACK_BYTES = 4_000_000;

test(
  `${CYCLES} of them leave nothing`,
  async () => {
    const pool = new WorkerPool({ filename: TASKS, minThreads: 1, maxThreads: 1 });
    const cycle = async (): Promise<void> => {
      const call = failureOf(pool.run(undefined, { name: 'never' }));
      await until(() => pool.queueSize === 0 && pool.idleThreads === 0 && pool.threads.length === 1);
      await pool.threads[0]?.terminate();
      assert.is((await call).code, 'ERR_FLYSOCKET_WORKER_DIED');
      assert.is(await pool.run(1), 1);
    };
    for (let i = 0; i < WARM_UP_CYCLES; i++) await cycle();
    const before = await usage();
    for (let i = 0; i < CYCLES; i++) await cycle();
    const after = await usage();
    await pool.destroy();
    assert.is(after.handles, before.handles, JSON.stringify({ before, after }));
    assert.is(after.counterBlocks, before.counterBlocks, JSON.stringify({ before, after }));
    assert.ok(
      after.memory - before.memory < CYCLES * MOST_BYTES_PER_CYCLE + SLACK_BYTES,
      JSON.stringify({ before, after }),
    );
  },
  { timeoutMs: CYCLES_TIMEOUT_MS },
);

interface Usage {
  readonly handles: number;
  readonly counterBlocks: number;
  /** Bytes on the heap and in array buffers. */
  readonly memory: number;
}

/** Shared memory goes with its last wrapper, which a collection may find only after another one's clean-up. */
const COLLECTIONS = 5;

async function usage(): Promise<Usage> {
  for (let i = 0; i < COLLECTIONS; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return {
    handles: process.getActiveResourcesInfo().length,
    counterBlocks: blocksInUse(),
    memory: heapUsed + arrayBuffers,
  };
}

function blocksInUse(): number {
  return new CountersReader(processCounters().memory).blocks().filter(({ live }) => live).length;
}

test.run();
