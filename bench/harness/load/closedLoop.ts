import { Answers } from './Answers.ts';
import { type LoadClock, realClock } from './LoadClock.ts';
import { DRAIN_MS, type LoadRequest, type LoadResult } from './LoadResult.ts';

export interface ClosedLoopOptions {
  /** How many requests are under way at any time: users of whom each asks again when he is answered. */
  readonly concurrency: number;
  readonly durationMs: number;
  /** What a user waits between an answer and his next request. Default 0. */
  readonly thinkMs?: number;
  /** How long answers are waited for in the end. Default DRAIN_MS. */
  readonly drainMs?: number;
  readonly clock?: LoadClock;
}

/** How soon a wrong answer ends the load. */
const LOOK_MS = 50;

/**
 * Keeps a given number of requests under way and finds out how many a second that makes. Where the service stalls its
 * users wait too and ask less: latencies are those of patient users. What others would meet, `openLoop` says.
 */
export async function closedLoop(request: LoadRequest, options: ClosedLoopOptions): Promise<LoadResult> {
  const { concurrency, durationMs, thinkMs = 0, drainMs = DRAIN_MS, clock = realClock } = options;
  if (!(concurrency >= 1)) throw new RangeError(`concurrency is at least 1: ${concurrency}`);
  const answers = new Answers(request, clock);
  const user = async (): Promise<void> => {
    while (!answers.hasFailed && answers.now() < durationMs) {
      await answers.send(answers.now());
      if (thinkMs > 0) await clock.sleep(thinkMs);
    }
  };
  for (let users = 0; users < concurrency; users++) void user();
  // It is the clock that ends the load: a user may wait for ever.
  while (!answers.hasFailed && answers.now() < durationMs) {
    await clock.sleep(Math.min(LOOK_MS, durationMs - answers.now()));
  }
  await answers.fewerThan(1, durationMs + drainMs);
  return answers.result();
}
