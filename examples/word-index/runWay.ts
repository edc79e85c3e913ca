import { MEGABYTE } from './arguments.ts';
import { MergedIndex } from './MergedIndex.ts';
import { Progress } from './Progress.ts';
import type { TextFile } from './textFiles.ts';
import type { Way } from './ways/Way.ts';

/** How often each way does all the work, so that its code is compiled when it counts. */
export const MAX_ROUNDS = 15;
/** A way that has taken so long does not begin another round. */
export const ROUNDS_LIMIT_SECONDS = 3;

export interface WayResult {
  readonly name: string;
  /** Of the median round. */
  readonly seconds: number;
  readonly linesPerSecond: number;
  readonly megabytesPerSecond: number;
  readonly peakRssMegabytes: number;
  readonly rounds: number;
}

/** What each way is to do. */
export interface Work {
  readonly files: readonly TextFile[];
  readonly lines: number;
  readonly bytes: number;
  readonly workers: number;
}

/**
 * Does the work a few times in fresh workers, and ends them.
 * @param check gets what came out of each round
 */
export async function runWay(
  way: Way,
  { files, lines, bytes, workers }: Work,
  output: NodeJS.WriteStream,
  check: (merged: MergedIndex) => void,
): Promise<WayResult> {
  const started = await way.start(workers);
  const progress = new Progress(way.name, files.length, started.ringFill?.bind(started), output);
  const rounds: number[] = [];
  try {
    for (let total = 0; rounds.length < MAX_ROUNDS && total < ROUNDS_LIMIT_SECONDS; ) {
      const merged = new MergedIndex((answer) => progress.onAnswer(answer));
      progress.begin();
      const start = performance.now();
      await Promise.race([started.index(files, merged), progress.stalled]);
      const seconds = (performance.now() - start) / 1000;
      rounds.push(seconds);
      total += seconds;
      check(merged);
    }
  } finally {
    progress.end();
    await started.end();
  }
  rounds.sort((a, b) => a - b);
  const seconds = rounds[rounds.length >>> 1] as number;
  return {
    name: way.name,
    seconds,
    linesPerSecond: Math.round(lines / seconds),
    megabytesPerSecond: bytes / MEGABYTE / seconds,
    peakRssMegabytes: progress.peakRssBytes / MEGABYTE,
    rounds: rounds.length,
  };
}
