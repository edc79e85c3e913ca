import type { Percentiles } from './load/LatencyHistogram.ts';
import type { Interval } from './statistics/bootstrap.ts';

/** One measured figure of one contender. */
export interface ResultRow {
  readonly group: string;
  readonly contender: string;
  /** More is better of what ends in `/s`, less of everything else. */
  readonly unit: string;
  /** Of the rounds. */
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /**
   * What one more operation allocates, in all threads that take part, on the heap and in ArrayBuffers together. Absent
   * where it was not measured, as are all below.
   */
  readonly bytesPerOp?: number;
  /** The same on the heap alone. */
  readonly heapBytesPerOp?: number;
  /** The same in ArrayBuffers alone, whose memory lies beside the heap. */
  readonly arrayBufferBytesPerOp?: number;
  /** Garbage collections in the bench's own thread during the rounds, for each million operations. */
  readonly collectionsPerMillion?: number;
  /** The figure of each round. */
  readonly samples?: readonly number[];
  /** Microseconds by percentile (`50`, `99.9`), each the median of the rounds. */
  readonly percentiles?: Percentiles;
}

/** How two contenders compare, or how a figure stands to its goal. */
export interface RatioRow {
  /** Begins with the group: `codec/encode: ours / JSON`. */
  readonly name: string;
  /** What `value` is counted in, if it is no ratio: `MB`. */
  readonly unit?: string;
  readonly value: number;
  /** What it is to reach, if anything. */
  readonly goal?: number;
  readonly lowerIsBetter: boolean;
  /** Where the ratio lies with 95 % confidence, by the rounds. */
  readonly interval?: Interval;
}

/** Something that went wrong. The run goes on without it, and ends with an exit code. */
export interface Failure {
  readonly group: string;
  /** Absent if it is the group itself. */
  readonly contender?: string;
  readonly message: string;
}

/** What came of a group. */
export interface Measured {
  readonly results: readonly ResultRow[];
  readonly ratios: readonly RatioRow[];
  /** What is not here and why: `ringbuf.js: not installed`. */
  readonly skipped?: readonly string[];
  readonly failures?: readonly Failure[];
}

/** Whether less is better of what is measured in `unit`. */
export function isLowerBetter(unit: string): boolean {
  return !unit.endsWith('/s');
}

/** Whether a ratio reaches its goal; one without a goal does. */
export function isMet({ value, goal, lowerIsBetter }: RatioRow): boolean {
  if (goal === undefined) return true;
  return lowerIsBetter ? value <= goal : value >= goal;
}
