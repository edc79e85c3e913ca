import { LatencyHistogram } from './LatencyHistogram.ts';
import type { LoadClock } from './LoadClock.ts';
import { type LoadRequest, type LoadResult, REFUSED } from './LoadResult.ts';

/** How soon it is seen that the time has come. */
const LOOK_MS = 50;

/** The requests of one load that are under way, and what became of the others. */
export class Answers {
  readonly #request: LoadRequest;
  readonly #clock: LoadClock;
  readonly #start: number;
  readonly #latency: LatencyHistogram = new LatencyHistogram();
  /** When each request under way was to start, in milliseconds since the load's start, by its number. */
  readonly #underWay: Map<number, number> = new Map();
  #sequence = 0;
  #answered = 0;
  #refused = 0;
  #unanswered = 0;
  #lastAnswer = 0;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(request: LoadRequest, clock: LoadClock) {
    this.#request = request;
    this.#clock = clock;
    this.#start = clock.now();
  }

  get inFlight(): number {
    return this.#underWay.size;
  }

  /** Whether a request was rejected. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Milliseconds since the load's start. */
  now(): number {
    return this.#clock.now() - this.#start;
  }

  /**
   * Sends the next request.
   * @param intended when it was to start, from which its time is counted
   * @returns when it is answered; never rejects
   */
  async send(intended: number): Promise<void> {
    const sequence = this.#sequence++;
    this.#underWay.set(sequence, intended);
    try {
      const answer = await this.#request(sequence);
      if (!this.#isOver) this.#take(sequence, intended, answer);
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#wake?.();
  }

  /** Counts a request that was due and never sent. */
  giveUp(intended: number): void {
    this.#unanswered++;
    this.#latency.record(this.now() - intended);
  }

  /** Throws what a request was rejected with. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Waits until fewer than `limit` are under way, an answer was wrong, or the time has come. */
  async fewerThan(limit: number, deadline: number): Promise<void> {
    while (this.inFlight >= limit && !this.hasFailed && this.now() < deadline) {
      const answer = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([answer, this.#clock.sleep(Math.min(LOOK_MS, deadline - this.now()))]);
    }
    this.#wake = undefined;
  }

  /** What came of it all; whatever is still under way counts as unanswered. */
  result(): LoadResult {
    this.throwFailure();
    this.#isOver = true;
    for (const intended of this.#underWay.values()) this.giveUp(intended);
    return {
      answered: this.#answered,
      refused: this.#refused,
      unanswered: this.#unanswered,
      milliseconds: this.#lastAnswer,
      latency: this.#latency,
    };
  }

  #take(sequence: number, intended: number, answer: unknown): void {
    this.#underWay.delete(sequence);
    this.#lastAnswer = this.now();
    if (answer === REFUSED) {
      this.#refused++;
    } else {
      this.#answered++;
      this.#latency.record(this.#lastAnswer - intended);
    }
  }
}
