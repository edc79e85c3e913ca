import { PERCENTILES, type Percentiles } from '../load/LatencyHistogram.ts';
import type { ResultRow } from '../Measured.ts';
import type { RoundResult } from '../processes/Host.ts';
import { median } from '../statistics/median.ts';

const MEGABYTE = 1e6;
const MILLION = 1e6;

/** The row of figures of which there is one a round. */
export function resultRow(group: string, contender: string, unit: string, samples: readonly number[]): ResultRow {
  const [min, max] = [Math.min(...samples), Math.max(...samples)];
  return { group, contender, unit, median: median(samples), min, max, samples };
}

/** The row of a contender's process: what it took up after each round. */
export function memoryRow(group: string, contender: string, rounds: readonly RoundResult[]): ResultRow {
  return resultRow(
    group,
    contender,
    'MB RSS',
    rounds.map(({ rssBytes }) => rssBytes / MEGABYTE),
  );
}

/** Collections for each million operations. */
export function collectionsPerMillion(rounds: readonly RoundResult[]): number {
  const operations = rounds.reduce((sum, round) => sum + round.operations, 0);
  const collections = rounds.reduce((sum, round) => sum + round.collections, 0);
  return operations === 0 ? 0 : (collections / operations) * MILLION;
}

/** The percentiles of all rounds: each the median of theirs. */
export function percentilesOf(rounds: readonly RoundResult[]): Percentiles {
  const of = (percent: string): number[] => rounds.map(({ percentiles }) => percentiles[percent] ?? Number.NaN);
  return Object.fromEntries(PERCENTILES.map((percent) => [String(percent), median(of(String(percent)))]));
}
