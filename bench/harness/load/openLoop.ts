import { SeededRandom } from '../statistics/SeededRandom.ts';
import { Answers } from './Answers.ts';
import { type LoadClock, realClock } from './LoadClock.ts';
import { DRAIN_MS, type LoadRequest, type LoadResult } from './LoadResult.ts';

export interface OpenLoopOptions {
  /** Requests per second, whether they are answered or not. */
  readonly rate: number;
  readonly durationMs: number;
  /**
   * `even`: the same time between any two requests (default). `poisson`: as users come who know nothing of each other;
   * the times are drawn by `seed`.
   */
  readonly arrivals?: 'even' | 'poisson';
  /** Default 1. */
  readonly seed?: number;
  /** Most requests under way at a time; more wait for their turn, and that wait counts. Default 16,384. */
  readonly maxInFlight?: number;
  /** How long answers are waited for after the last request was due. Default DRAIN_MS. */
  readonly drainMs?: number;
  readonly clock?: LoadClock;
}

const MAX_IN_FLIGHT = 16_384;
/** So many requests go before the event loop has a turn, when many are due. */
const SENDS_PER_TURN = 256;

/**
 * Sends requests at a given rate, as the world does: it does not wait for an answer before it asks again. Each one's
 * time runs from the moment when it was to be sent. So if the service, or this process, stalls, every request that was
 * due meanwhile counts with the time it stood in line (no coordinated omission); none is left out, not even one that
 * was never sent or answered.
 *
 * Source: Gil Tene, "How NOT to Measure Latency".
 */
export async function openLoop(request: LoadRequest, options: OpenLoopOptions): Promise<LoadResult> {
  const { durationMs, maxInFlight = MAX_IN_FLIGHT, drainMs = DRAIN_MS, clock = realClock } = options;
  if (!(options.rate > 0)) throw new RangeError(`rate is above 0: ${options.rate}`);
  const answers = new Answers(request, clock);
  const deadline = durationMs + drainMs;
  const due = arrivalTimes(options);
  let next = due();
  while (next < durationMs && answers.now() < deadline) {
    for (let sends = 0; sends < SENDS_PER_TURN && next < durationMs; sends++) {
      if (next > answers.now() || answers.inFlight >= maxInFlight) break;
      void answers.send(next);
      next = due();
    }
    if (answers.inFlight >= maxInFlight) await answers.fewerThan(maxInFlight, deadline);
    else await clock.sleep(Math.max(0, Math.min(next, durationMs) - answers.now()));
    answers.throwFailure();
  }
  await answers.fewerThan(1, deadline);
  for (; next < durationMs; next = due()) answers.giveUp(next);
  return answers.result();
}

/** The times at which requests are due, one after the other, in milliseconds since the start. */
function arrivalTimes({ rate, arrivals = 'even', seed = 1 }: OpenLoopOptions): () => number {
  const intervalMs = 1000 / rate;
  if (arrivals === 'even') {
    let count = 0;
    return () => count++ * intervalMs;
  }
  const random = new SeededRandom(seed);
  let time = 0;
  return () => {
    time -= intervalMs * Math.log(1 - random.next());
    return time;
  };
}
