import { isLowerBetter, type ResultRow } from '../Measured.ts';
import { type Interval, unpairedRatio } from '../statistics/bootstrap.ts';
import type { BenchRecord } from './BenchRecord.ts';

/** How one figure stands in two records. */
export interface Change {
  readonly group: string;
  readonly contender: string;
  readonly unit: string;
  readonly before: number;
  readonly after: number;
  /** After by before. */
  readonly ratio: number;
  /** Where the ratio lies with 95 % confidence, by the rounds of both; undefined if either has less than two. */
  readonly interval: Interval | undefined;
  /** `same`: nothing beyond noise. */
  readonly verdict: 'better' | 'worse' | 'same';
  /** Bytes per operation before and after, if they differ. */
  readonly bytesPerOp: readonly [number, number] | undefined;
}

/** What two records have in common, and what not. */
export interface Comparison {
  readonly changes: readonly Change[];
  /** `group: contender, unit` of figures that only one of them has. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** By how much figures may differ and nothing is said, as a fraction: what both machines' noise makes likely. */
  readonly threshold: number;
  /** What makes the comparison doubtful: another machine, another Node, a quick run. */
  readonly doubts: readonly string[];
}

/** Two runs differ by so much at any time, however steady the machine: code and memory lie elsewhere each time. */
const LEAST_THRESHOLD = 0.03;
/** Fewer bytes per operation than this are the engine's own now and then. */
const BYTES_THRESHOLD = 1;

/**
 * Compares two runs figure by figure. Something has changed if the interval of the ratio leaves out 1 and the ratio
 * itself is further from 1 than the noise of both runs together.
 */
export function compareRecords(before: BenchRecord, after: BenchRecord): Comparison {
  const threshold = Math.max(LEAST_THRESHOLD, Math.hypot(before.noise.spread, after.noise.spread));
  const later = new Map(after.results.map((row) => [nameOf(row), row]));
  const earlier = new Map(before.results.map((row) => [nameOf(row), row]));
  return {
    changes: before.results.flatMap((row) => {
      const now = later.get(nameOf(row));
      return now === undefined ? [] : [changeOf(row, now, threshold)];
    }),
    onlyBefore: [...earlier.keys()].filter((name) => !later.has(name)),
    onlyAfter: [...later.keys()].filter((name) => !earlier.has(name)),
    threshold,
    doubts: doubtsOf(before, after),
  };
}

function nameOf({ group, contender, unit }: ResultRow): string {
  return `${group}: ${contender}, ${unit}`;
}

function changeOf(before: ResultRow, after: ResultRow, threshold: number): Change {
  const { group, contender, unit } = before;
  // What was nothing and is nothing has not changed.
  const ratio = after.median === before.median ? 1 : after.median / before.median;
  const { interval } = unpairedRatio(after.samples ?? [], before.samples ?? []);
  const isClear = interval === undefined || interval.low > 1 || interval.high < 1;
  // As far from 1 in either direction: half counts like twice.
  const isFar = Math.max(ratio, 1 / ratio) > 1 + threshold;
  const isBetter = isLowerBetter(unit) ? ratio < 1 : ratio > 1;
  return {
    group,
    contender,
    unit,
    before: before.median,
    after: after.median,
    ratio,
    interval,
    verdict: isClear && isFar ? (isBetter ? 'better' : 'worse') : 'same',
    bytesPerOp: bytesChange(before.bytesPerOp, after.bytesPerOp, threshold),
  };
}

function bytesChange(before: number | undefined, after: number | undefined, threshold: number): Change['bytesPerOp'] {
  if (before === undefined || after === undefined) return undefined;
  return Math.abs(after - before) > Math.max(BYTES_THRESHOLD, before * threshold) ? [before, after] : undefined;
}

function doubtsOf(before: BenchRecord, after: BenchRecord): string[] {
  const doubts: string[] = [];
  for (const what of ['cpu', 'cores', 'arch', 'os', 'node', 'v8'] as const) {
    const [one, other] = [before.machine[what], after.machine[what]];
    if (one !== other) doubts.push(`${what}: ${one} before, ${other} after`);
  }
  if (before.quick || after.quick)
    doubts.push(`quick run: ${before.quick ? 'before' : ''} ${after.quick ? 'after' : ''}`);
  const speed = after.noise.loopMs / before.noise.loopMs;
  if (Math.max(speed, 1 / speed) > 1 + LEAST_THRESHOLD) {
    doubts.push(`the machine: its calibration loop took ${speed.toFixed(2)} times as long after`);
  }
  return doubts;
}
