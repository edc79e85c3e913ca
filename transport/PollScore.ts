/** Hits that are remembered. */
const BEST_SCORE = 16;
/** What a thread begins with. */
const FIRST_SCORE = 8;
/** Hits that one miss outweighs: looking must pay at least four times in five. */
const MISS_WEIGHT = 4;
/** Unless said otherwise. */
const SLEEPS_BETWEEN_TRIALS = 64;

/**
 * Whether looking for work instead of sleeping has paid lately. It pays while the other side answers within some tens
 * of microseconds, on another processor. Where it is far away, takes its time, or needs the very processor that this
 * thread looks with, the score sinks after a few misses, and then one try in 64 is what it costs.
 */
export class PollScore {
  readonly #sleepsBetweenTrials: number;
  #score: number = FIRST_SCORE;
  #sleeps = 0;

  /** @param sleepsBetweenTrials once looking has not paid, the thread sleeps at once so many times, then tries again */
  constructor(sleepsBetweenTrials: number = SLEEPS_BETWEEN_TRIALS) {
    this.#sleepsBetweenTrials = sleepsBetweenTrials;
  }

  /** Asked each time when there is no more work. */
  isWorthATry(): boolean {
    if (this.#score > 0) return true;
    this.#sleeps++;
    if (this.#sleeps < this.#sleepsBetweenTrials) return false;
    this.#sleeps = 0;
    return true;
  }

  /** Work came while it was looked for. */
  hit(): void {
    if (this.#score < BEST_SCORE) this.#score++;
  }

  /** None came, and the thread goes to sleep. */
  miss(): void {
    this.#score = Math.max(0, this.#score - MISS_WEIGHT);
  }
}
