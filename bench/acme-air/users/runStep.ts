import { setTimeout as sleep } from 'node:timers/promises';
import { LatencyHistogram, SeededRandom, within } from '../../harness/index.ts';
import type { AirlineServices } from '../airline/AirlineServices.ts';
import { ServiceError } from '../airline/ServiceError.ts';
import { SimulatedUser, STAGES } from './SimulatedUser.ts';
import type { Tally } from './Tally.ts';

/** One step of the ramp. */
export interface StepOrder {
  readonly users: number;
  /** How long the users are at it before anything counts, in milliseconds. */
  readonly warmupMs: number;
  /** How long what they do counts. */
  readonly measureMs: number;
  readonly seed: number;
}

/** What the users saw of one step, and what it took. */
export interface StepFigures {
  readonly users: number;
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly requestsPerMinute: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of all processes together. */
  readonly cpuMicrosPerRequest: number;
  /** What the services asked each other for one request of a user. Fewer where a loop takes longer than the step. */
  readonly callsBetweenServicesPerRequest: number;
  readonly failed: number;
}

/** A step with more failed requests is ended. */
export const MAX_FAILED_REQUESTS = 100;
/** A step is as long as it takes for one answer at least, up to this. */
export const FIRST_ANSWER_TIMEOUT_MS = 10_000;
/** How long the last requests of a step may take to be answered. */
export const LAST_ANSWERS_TIMEOUT_MS = 20_000;

const MICROS_PER_MS = 1_000;
const MS_PER_SECOND = 1_000;
const SECONDS_PER_MINUTE = 60;
const LOOK_INTERVAL_MS = 20;

class StepIsOver extends Error {}

/** What the requests of one step share. */
class StepClock {
  readonly times: LatencyHistogram = new LatencyHistogram();
  isMeasuring = false;
  isOver = false;

  readonly ask = async <Answer>(request: () => Promise<Answer>): Promise<Answer> => {
    if (this.isOver) throw new StepIsOver();
    const start = performance.now();
    try {
      const answer = await request();
      this.#record(start);
      return answer;
    } catch (error) {
      // A refusal is an answer.
      if (error instanceof ServiceError) this.#record(start);
      throw error;
    }
  };

  #record(start: number): void {
    if (this.isMeasuring) this.times.record(performance.now() - start);
  }
}

/**
 * Closed loop: so many users, each with one request at a time, for as long as the order says.
 * @param cpuMicros processor time so far, of all processes together
 * @throws Error (as rejection) if the last answers don't come in time, or too many requests failed
 */
export async function runStep(
  airline: AirlineServices,
  today: string,
  { users, warmupMs, measureMs, seed }: StepOrder,
  tally: Tally,
  cpuMicros: () => Promise<number>,
): Promise<StepFigures> {
  const clock = new StepClock();
  const failedBefore = tally.failed;
  const all = Array.from({ length: users }, async (_, index) => {
    const random = new SeededRandom(seed + index);
    const user = new SimulatedUser(airline, today, clock.ask, random, tally);
    let firstStage = random.below(STAGES);
    while (!clock.isOver) {
      try {
        await user.loop(firstStage);
        firstStage = 0;
      } catch (error) {
        if (error instanceof StepIsOver) return;
        tally.fail(error);
        if (tally.failed - failedBefore > MAX_FAILED_REQUESTS) clock.isOver = true;
      }
    }
  });
  await sleep(warmupMs);
  const cpuBefore = await cpuMicros();
  const callsBefore = tally.callsBetweenServices;
  const start = performance.now();
  clock.isMeasuring = true;
  await sleep(measureMs);
  for (const end = start + FIRST_ANSWER_TIMEOUT_MS; clock.times.count === 0 && performance.now() < end; ) {
    await sleep(LOOK_INTERVAL_MS);
  }
  clock.isMeasuring = false;
  const seconds = (performance.now() - start) / MS_PER_SECOND;
  const calls = tally.callsBetweenServices - callsBefore;
  const cpu = (await cpuMicros()) - cpuBefore;
  clock.isOver = true;
  await within(Promise.all(all), LAST_ANSWERS_TIMEOUT_MS, 'the last answers did not come');
  const failed = tally.failed - failedBefore;
  if (failed > MAX_FAILED_REQUESTS) throw new Error(`${failed} requests failed, the first: ${tally.firstFailure}`);
  const { times } = clock;
  const requests = times.count;
  if (requests === 0) throw new Error(`no request of ${users} users was answered within ${FIRST_ANSWER_TIMEOUT_MS} ms`);
  return {
    users,
    requests,
    requestsPerSecond: requests / seconds,
    requestsPerMinute: (requests / seconds) * SECONDS_PER_MINUTE,
    meanMs: times.mean / MICROS_PER_MS,
    p50Ms: times.percentile(0.5) / MICROS_PER_MS,
    p99Ms: times.percentile(0.99) / MICROS_PER_MS,
    cpuMicrosPerRequest: cpu / requests,
    callsBetweenServicesPerRequest: calls / requests,
    failed,
  };
}
