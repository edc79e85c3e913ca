import type { GroupSettings, RatioSpec, SkippedContender } from './Contender.ts';

/** One service to be put under load. */
export interface LoadContender {
  /** Unique in its group. */
  readonly name: string;
  /** Flags of node for its process, where it has one of its own. */
  readonly nodeFlags?: readonly string[];
  /** Starts what the contender needs: a server, connections. */
  open?(): void | Promise<void>;
  /** Throws unless the contender gives the right answers. Called before and after all timing. */
  verify(): void | Promise<void>;
  /**
   * Asks once, and rejects if the answer is wrong: that fails the contender.
   * @param sequence counts the requests of one load from 0
   * @returns 'refused' if the service would not do it, which counts apart; anything else is an answer
   */
  request(sequence: number): Promise<unknown>;
  /** Ends what `open` started. */
  close?(): void | Promise<void>;
}

/** How requests come. */
export type Load =
  /** So many a second, whether they are answered or not; `openLoop` says how. */
  | { readonly kind: 'open'; readonly rate: number; readonly arrivals?: 'even' | 'poisson' }
  /** So many under way at any time; `closedLoop` says how. */
  | { readonly kind: 'closed'; readonly concurrency: number; readonly thinkMs?: number };

/** What is told of a load. */
export type LoadUnit = 'requests/s' | 'us p50' | 'us p99' | 'us p99.9';

export interface LoadRatioSpec extends RatioSpec {
  /** Which figures are divided, at each load. Of times less is better. */
  readonly unit: LoadUnit;
}

/** Services under the same loads: throughput and the latencies' percentiles of each, in turns. */
export interface LoadGroup extends GroupSettings {
  readonly loads: readonly Load[];
  /** Each contender runs in a process of its own, and its RSS is told too. Default: all in one. */
  readonly isolated?: boolean;
  readonly ratios?: readonly LoadRatioSpec[];
  /** Makes the contenders, which take nothing up before they are opened. What can't be measured here says why. */
  contenders(): (LoadContender | SkippedContender)[] | Promise<(LoadContender | SkippedContender)[]>;
}

/** `64 in flight`, `20000/s`: how a load is called in results. */
export function nameOfLoad(load: Load): string {
  return load.kind === 'open' ? `${load.rate}/s` : `${load.concurrency} in flight`;
}
