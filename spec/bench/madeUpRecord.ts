import type { RatioRow, ResultRow } from '../../bench/harness/Measured.ts';
import { type BenchRecord, RECORD_FORMAT, RECORD_VERSION } from '../../bench/harness/records/BenchRecord.ts';

/** A figure with these rounds, of the group `room/what` unless `more` says otherwise. */
export function madeUpRow(contender: string, samples: readonly number[], more: Partial<ResultRow> = {}): ResultRow {
  const sorted = [...samples].sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1] as number;
  const [min, max] = [sorted[0] as number, sorted.at(-1) as number];
  return { group: 'room/what', contender, unit: 'operations/s', median, min, max, samples, ...more };
}

/** A ratio of the group `room/what`. */
export function madeUpRatio(name: string, value: number, more: Partial<RatioRow> = {}): RatioRow {
  return { name: `room/what: ${name}`, value, lowerIsBetter: false, ...more };
}

/** A record of these figures, of a machine that there is not. */
export function madeUpRecord(results: readonly ResultRow[], more: Partial<BenchRecord> = {}): BenchRecord {
  return {
    format: RECORD_FORMAT,
    version: RECORD_VERSION,
    date: '2026-11-23T10:00:00.000Z',
    machine: { node: '20', v8: '11', os: 'linux', arch: 'x64', cpu: 'some', cores: 2, memoryBytes: 1e9 },
    noise: { loopMs: 2, spread: 0.04 },
    loadBefore: [0, 0, 0],
    loadAfter: [1, 0, 0],
    quick: false,
    results,
    ratios: [],
    skipped: [],
    failures: [],
    ...more,
  };
}
