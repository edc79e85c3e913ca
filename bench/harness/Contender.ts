import type { Allocation } from './allocation/Allocation.ts';
import type { LatencyHistogram } from './load/LatencyHistogram.ts';

/** One way to do what a group measures: ours or a rival's. */
export interface Contender {
  /** Unique in its group. */
  readonly name: string;
  /** Operations in one tinybench iteration: at least 1,000 where one of them takes nanoseconds. */
  readonly batch: number;
  /** Whether `run` answers with a Promise. */
  readonly isAsync: boolean;
  /** Where `run` writes the time of each operation; only in groups that measure latency (`unit: 'us'`). */
  readonly roundTrips?: LatencyHistogram;
  /**
   * Where each turn of the event loop allocates and operations do not (`setImmediate` takes about 600 bytes): how many
   * operations it takes for the turns not to show. Default: as many as fit without a collection.
   */
  readonly steadyOperations?: number;
  /** Flags of node for its process, where it has one of its own: `['--max-semi-space-size=2']`. */
  readonly nodeFlags?: readonly string[];
  /** Starts what the contender needs: threads, memory. */
  open?(): void | Promise<void>;
  /** Throws unless the contender gives the right answers. Called before and after all timing. */
  verify(): void | Promise<void>;
  /**
   * Does `count` operations and throws if their answers don't add up.
   * @returns milliseconds, if the contender has a better clock than the time of this call
   */
  run(count: number): number | undefined | Promise<number | undefined>;
  /**
   * Like `run`, between two collections in the other thread.
   * @returns what the other thread allocated; a number counts as bytes of its heap
   */
  runMeasuringPeer?(count: number): Allocation | number | Promise<Allocation | number>;
  /** Ends what `open` started. */
  close?(): void | Promise<void>;
}

/** Stands in the place of a contender that can't be measured here, so that its absence is told. */
export interface SkippedContender {
  readonly name: string;
  /** Why: `not installed`. */
  readonly skipped: string;
}

/** Two contenders to be compared. */
export interface RatioSpec {
  readonly name: string;
  /** Name of the contender above the line. */
  readonly contender: string;
  /** Name of the contender below the line. */
  readonly against: string;
  /** What the ratio is to reach; without one it is only told. */
  readonly goal?: number;
  /** Times are divided: less is better. Default false: throughputs are divided. */
  readonly lowerIsBetter?: boolean;
}

/** What every kind of group has. */
export interface GroupSettings {
  /** `room/what`; `--only` selects by a part of it. */
  readonly name: string;
  /** How long it takes, as a multiple of what groups usually take: its rounds have so much more time. Default 1. */
  readonly cost?: number;
  /** How long one step of a contender may take before it counts as hung, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  /**
   * A program that hosts this group (`hostGroup`), where memory is looked at: nothing else is in its processes then.
   * Default: the bench program itself, which imports every group.
   */
  readonly hostProgram?: URL;
}

/** Contenders that do the same, and what is expected of their differences. */
export interface Group extends GroupSettings {
  /** `operations/s`: more is better. `us`: the time of each operation, by its percentiles. */
  readonly unit: 'operations/s' | 'us';
  /** Rounds, as a multiple of the usual number: for differences of a few per cent. Default 1. */
  readonly patience?: number;
  /** Each contender runs in a process of its own, still in turns, and its RSS is told too. Default: all in one. */
  readonly isolated?: boolean;
  readonly ratios?: readonly RatioSpec[];
  /** Names of contenders that may allocate nothing per operation, in any thread. */
  readonly allocationFree?: readonly string[];
  /** Makes the contenders, which take nothing up before they are opened. What can't be measured here says why. */
  contenders(): (Contender | SkippedContender)[] | Promise<(Contender | SkippedContender)[]>;
}
