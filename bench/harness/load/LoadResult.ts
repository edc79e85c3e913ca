import type { LatencyHistogram } from './LatencyHistogram.ts';

/** Asks once. The number counts the requests from 0; a wrong answer rejects; REFUSED is an answer too, but no work. */
export type LoadRequest = (sequence: number) => Promise<unknown>;

/** What a request resolves to if the service would not do it: it counts apart, and its time is not recorded. */
export const REFUSED = 'refused';

/** What became of a load. */
export interface LoadResult {
  /** Requests that were answered, whose time is in `latency`. */
  readonly answered: number;
  /** Requests that resolved to REFUSED. */
  readonly refused: number;
  /** Requests that had no answer when the load was given up: `latency` has them with the time up to then. */
  readonly unanswered: number;
  /** From the start to the last answer. */
  readonly milliseconds: number;
  readonly latency: LatencyHistogram;
}

/** How long answers are waited for after the last request, in milliseconds, unless said. */
export const DRAIN_MS = 5_000;
