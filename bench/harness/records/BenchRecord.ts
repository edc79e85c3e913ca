import type { Failure, RatioRow, ResultRow } from '../Measured.ts';
import type { Noise } from './Calibration.ts';
import type { Machine } from './Machine.ts';

/** What says that a file is a record. */
export const RECORD_FORMAT = 'flysocket-bench';
/** Grows when records change so that older programs misread them. */
export const RECORD_VERSION = 2;

/** All that is known of a run. */
export interface BenchRecord {
  readonly format: typeof RECORD_FORMAT;
  readonly version: typeof RECORD_VERSION;
  /** When it began, by ISO 8601. */
  readonly date: string;
  readonly machine: Machine;
  readonly noise: Noise;
  /** The load averages over 1, 5 and 15 minutes before and after: what else the machine did shows in the first. */
  readonly loadBefore: readonly number[];
  readonly loadAfter: readonly number[];
  readonly quick: boolean;
  readonly results: readonly ResultRow[];
  readonly ratios: readonly RatioRow[];
  /** Why something that was asked for is not here. */
  readonly skipped: readonly string[];
  readonly failures: readonly Failure[];
}
