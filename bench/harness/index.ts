/**
 * `flysocket/bench`: a harness for benches of one's own codecs, transports and services. It knows nothing of the rest
 * of the library. For Node; needs `tinybench`.
 */

// What a bench is made of, and the program that runs it.
export type { AnyGroup } from './AnyGroup.ts';
// Allocation.
export type { Allocation } from './allocation/Allocation.ts';
export { type AllocationEffort, bytesPerOperation } from './allocation/bytesPerOperation.ts';
export { CollectionCounter } from './allocation/CollectionCounter.ts';
export { collectGarbage } from './allocation/collectGarbage.ts';
export type { Contender, Group, GroupSettings, RatioSpec, SkippedContender } from './Contender.ts';
export type { Load, LoadContender, LoadGroup, LoadRatioSpec, LoadUnit } from './LoadGroup.ts';
export { type ClosedLoopOptions, closedLoop } from './load/closedLoop.ts';
// Load and latencies.
export { LatencyHistogram, type Percentiles } from './load/LatencyHistogram.ts';
export type { LoadClock } from './load/LoadClock.ts';
export { type LoadRequest, type LoadResult, REFUSED } from './load/LoadResult.ts';
export { type OpenLoopOptions, openLoop } from './load/openLoop.ts';
// One group without the program, and what comes of it.
export type { Failure, Measured, RatioRow, ResultRow } from './Measured.ts';
export { isLowerBetter, isMet } from './Measured.ts';
export type { MemoryGroup } from './MemoryGroup.ts';
export type { ProgramGroup } from './ProgramGroup.ts';
// Other processes and other threads.
export { answerParent, ChildLostError, ChildProgram, type ChildProgramOptions } from './processes/ChildProgram.ts';
export type { GroupContents, Host, RoundResult, StartHost } from './processes/Host.ts';
export { hostGroup } from './processes/hostGroup.ts';
export { TimeLimitError, within } from './processes/within.ts';
export { type BenchProgramOptions, benchProgram, type LoadGroups } from './program/benchProgram.ts';
export { ratiosTable, resultsTable } from './program/report.ts';
// Records.
export type { BenchRecord } from './records/BenchRecord.ts';
export { Calibration, type Noise } from './records/Calibration.ts';
export { type Change, type Comparison, compareRecords } from './records/compareRecords.ts';
export { type Machine, thisMachine } from './records/Machine.ts';
export { parseRecord, RecordError, readRecord } from './records/readRecord.ts';
export { toCsv } from './records/toCsv.ts';
export { FULL_PACE, type Pace, QUICK_PACE } from './run/Pace.ts';
export { type RunGroupOptions, runGroup } from './run/runGroup.ts';
// Statistics.
export {
  type BootstrapOptions,
  type Interval,
  medianInterval,
  pairedRatio,
  unpairedRatio,
} from './statistics/bootstrap.ts';
export { median } from './statistics/median.ts';
export { percentile } from './statistics/percentile.ts';
export { SeededRandom } from './statistics/SeededRandom.ts';
export { spread } from './statistics/spread.ts';
export { BenchThread } from './threads/BenchThread.ts';
export { JobControl, JobSeat, PEER_TIMEOUT_MS, STOP } from './threads/JobControl.ts';
export { JOB_BEGINS, JOB_ENDS, jobsByMessage } from './threads/jobsByMessage.ts';
export { SpinLimit } from './threads/SpinLimit.ts';
