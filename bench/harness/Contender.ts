import type { RoundTripTimes } from './RoundTripTimes.ts';

/** One way to do what a group measures: ours or a rival's. */
export interface Contender {
  readonly name: string;
  /** Operations in one tinybench iteration: at least 1,000 where one of them takes nanoseconds. */
  readonly batch: number;
  /** Whether `run` answers with a Promise. */
  readonly isAsync: boolean;
  /** Where `run` writes the time of each operation; only in groups that measure latency. */
  readonly roundTrips?: RoundTripTimes;
  /**
   * Where each turn of the event loop allocates and operations do not (`setImmediate` takes about 600 bytes): how many
   * operations it takes for the turns not to show. Default: as many as fit without a collection.
   */
  readonly steadyOperations?: number;
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
   * @returns bytes that the other thread allocated
   */
  runMeasuringPeer?(count: number): number | Promise<number>;
  /** Ends what `open` started. */
  close?(): void | Promise<void>;
}

export interface RatioSpec {
  readonly name: string;
  /** Name of the contender above the line. */
  readonly contender: string;
  /** Name of the contender below the line. */
  readonly against: string;
  readonly goal: number;
  /** Times are divided: less is better. Default false: throughputs are divided. */
  readonly lowerIsBetter?: boolean;
}

/** Contenders that do the same, and what is expected of their differences. */
export interface Group {
  /** `room/what`; `--only` selects by a part of it. */
  readonly name: string;
  /** `operations/s`: more is better. `us`: the time of each operation, by its percentiles. */
  readonly unit: 'operations/s' | 'us';
  /** Rounds, as a multiple of the usual number: for differences of a few per cent. Default 1. */
  readonly patience?: number;
  readonly ratios: readonly RatioSpec[];
  /** Names of contenders that may allocate nothing per operation, in any thread. */
  readonly allocationFree?: readonly string[];
  /** Makes the contenders; rivals that aren't installed are left out. */
  contenders(): Contender[] | Promise<Contender[]>;
}
