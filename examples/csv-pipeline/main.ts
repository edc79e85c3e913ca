/**
 * Sums up a large CSV file in worker threads, and checks the result against a plain computation.
 *
 *   file --> blocksOf --> PooledBuffer --> orders.worker.ts --> findings --> Totals
 *            reads when    goes by          parses, adds up     a stream     adds the parts together
 *            asked         reference
 *
 * Nothing piles up anywhere: a block is read when a thread has nothing to do, and a thread goes on when what it has
 * found has been read.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkerPool } from 'flysocket/workers';
import { parseArguments, USAGE } from './arguments.ts';
import { blocksOf } from './blocksOf.ts';
import type { Finding } from './Finding.ts';
import { plainTotals } from './plainTotals.ts';
import { Totals } from './Totals.ts';
import { writeOrders } from './writeOrders.ts';

/** What the threads find in the whole file. */
async function totalsOf(path: string, threads: number, blockLength: number): Promise<Totals> {
  const filename = new URL('./orders.worker.js', import.meta.url).href;
  const pool = new WorkerPool<Uint8Array, Finding>({
    filename,
    name: 'findings',
    minThreads: threads,
    maxThreads: threads,
  });
  const totals = new Totals();
  try {
    // All loops take from the same blocks: whoever is done first takes the next.
    const blocks = blocksOf(path, blockLength, pool);
    const takeBlocks = async (): Promise<void> => {
      for await (const block of blocks) {
        for await (const finding of pool.requestStream(block)) totals.add(finding);
      }
    };
    await Promise.all(Array.from({ length: threads }, takeBlocks));
  } finally {
    await pool.close();
  }
  return totals;
}

async function run(args: string[]): Promise<number> {
  const { rows, threads, blockLength, help } = parseArguments(args);
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const folder = await mkdtemp(join(tmpdir(), 'csv-pipeline-'));
  try {
    const path = join(folder, 'orders.csv');
    await writeOrders(path, rows);
    const begin = performance.now();
    const totals = await totalsOf(path, threads, blockLength);
    const seconds = (performance.now() - begin) / 1000;
    const megabytes = (await stat(path)).size / 1_000_000;
    console.log(totals.toString());
    console.log(`${megabytes.toFixed(1)} MB in ${threads} threads: ${(megabytes / seconds).toFixed(0)} MB/s`);
    const agrees = totals.toString() === (await plainTotals(path)).toString();
    console.log(agrees ? 'A plain computation finds the same.' : 'A plain computation finds something else.');
    return agrees ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
