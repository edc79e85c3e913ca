import { Bench } from 'tinybench';
import type { Contender } from '../Contender.ts';

/** What became of a contender's batches. */
export interface Batches {
  /** The median time of one, in milliseconds. */
  readonly batchMs: number;
  readonly batches: number;
}

/**
 * Runs a contender batch by batch for about so long, by tinybench.
 * @param operations in a batch
 * @param iterations the fewest batches
 */
export async function runBatches(
  contender: Contender,
  operations: number,
  milliseconds: number,
  iterations: number,
): Promise<Batches> {
  const bench = new Bench({ time: milliseconds, iterations, warmup: false, throws: true });
  const { name } = contender;
  if (contender.isAsync) {
    bench.add(name, async () => byOwnClock(await contender.run(operations)), { async: true });
    await bench.run();
  } else {
    bench.add(name, () => byOwnClock(contender.run(operations) as number | undefined), { async: false });
    bench.runSync();
  }
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') throw new Error(`${name} did not complete: ${result?.state}`);
  return { batchMs: result.latency.p50, batches: result.latency.samplesCount };
}

function byOwnClock(milliseconds: number | undefined): object | undefined {
  return milliseconds === undefined ? undefined : { overriddenDuration: milliseconds };
}
