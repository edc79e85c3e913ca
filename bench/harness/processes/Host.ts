import type { Allocation } from '../allocation/Allocation.ts';
import type { AllocationEffort } from '../allocation/bytesPerOperation.ts';
import type { Load } from '../LoadGroup.ts';
import type { Percentiles } from '../load/LatencyHistogram.ts';
import type { Measured } from '../Measured.ts';

/** Who is in a group, in the order of their numbers. */
export interface GroupContents {
  readonly contenders: readonly { readonly name: string; readonly nodeFlags: readonly string[] }[];
  /** What can't be measured and why. */
  readonly skipped: readonly string[];
}

/** What a contender did in one round. */
export interface RoundResult {
  /** Operations per second. */
  readonly perSecond: number;
  readonly operations: number;
  /** Garbage collections meanwhile. */
  readonly collections: number;
  /** Of the process, after the round. */
  readonly rssBytes: number;
  /** Of single operations, where they are timed; else empty. */
  readonly percentiles: Percentiles;
}

/** What a contender did when it was tried. */
export interface Trial {
  readonly operations: number;
  readonly milliseconds: number;
}

/** Where the contenders of one group live: in this process, or in one of their own. A contender goes by its number. */
export interface Host {
  /** Makes the group's contenders; comes first. */
  contents(): Promise<GroupContents>;
  open(contender: number): Promise<void>;
  verify(contender: number): Promise<void>;
  /**
   * Runs for about so long: two of the contender's own batches at least, or one that was cut.
   * @param mostOperations in one batch, if the contender's own batches are longer; only young garbage is collected
   *   before it then
   */
  round(contender: number, milliseconds: number, mostOperations?: number): Promise<RoundResult>;
  /** Runs one batch of at most so many operations. */
  trial(contender: number, mostOperations: number): Promise<Trial>;
  /** @returns undefined where so little effort tells nothing */
  allocation(contender: number, effort: AllocationEffort): Promise<Allocation | undefined>;
  /** Does so many operations. @returns the RSS of the process in bytes */
  operate(contender: number, operations: number): Promise<number>;
  load(contender: number, load: Load, milliseconds: number): Promise<RoundResult>;
  /** Lets a ProgramGroup measure. */
  measure(isQuick: boolean): Promise<Measured>;
  close(contender: number): Promise<void>;
  /** Ends it all, whatever a contender does. */
  stop(): Promise<void>;
}

/** Makes the host of a group. */
export type StartHost = (nodeFlags: readonly string[]) => Promise<Host>;
