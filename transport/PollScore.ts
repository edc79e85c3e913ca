/** Hits that are remembered. */
const BEST_SCORE = 16;
/** What a thread begins with. */
const FIRST_SCORE = 8;
/** Hits that one miss outweighs: looking must pay at least four times in five. */
const MISS_WEIGHT = 4;
/** Times that a thread sleeps at once before it tries again whether looking pays. */
const SLEEPS_BETWEEN_TRIALS = 64;

/**
 * Whether looking for work instead of sleeping has paid lately. It pays while the other side answers within some tens
 * of microseconds, on another processor. Where it is far away, takes its time, or needs the very processor that this
 * thread looks with, the score sinks after a few misses, and then one try in 64 is what it costs.
 */
export class PollScore {
  #score: number = FIRST_SCORE;
  #sleeps = 0;

  /** Asked each time when there is no more work. */
  isWorthATry(): boolean {
    if (this.#score > 0) return true;
    this.#sleeps++;
    if (this.#sleeps < SLEEPS_BETWEEN_TRIALS) return false;
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
