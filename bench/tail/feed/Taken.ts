import { LatencyHistogram } from '../../harness/load/LatencyHistogram.ts';
import { readItem } from './feedItems.ts';

/** What one consumer has got of the feed. */
export class Taken {
  /** How old the items were that came, in milliseconds. */
  readonly ages: LatencyHistogram = new LatencyHistogram();
  #first = -1;
  #last = -1;
  #count = 0;
  #failure: { readonly error: unknown } | undefined;
  #isOver = false;

  get count(): number {
    return this.#count;
  }

  /** Of the items between the first and the last that came, the share that did not, in per cent. */
  get missedPercent(): number {
    return this.#count === 0 ? 0 : (1 - this.#count / (this.#last - this.#first + 1)) * 100;
  }

  /** Forgets what has come so far. */
  clear(): void {
    this.ages.clear();
    this.#first = -1;
    this.#count = 0;
  }

  /** Takes an item and checks it. */
  take(bytes: Uint8Array): void {
    try {
      const { sequence, ageMs } = readItem(bytes);
      if (sequence <= this.#last) throw new Error(`item ${sequence} came after item ${this.#last}`);
      if (this.#first < 0) this.#first = sequence;
      this.#last = sequence;
      this.#count++;
      this.ages.record(ageMs);
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    if (!this.#isOver) this.#failure ??= { error };
  }

  /** What goes wrong from now on is the end of the feed. */
  end(): void {
    this.#isOver = true;
  }

  /** Notes what `consume` fails with. */
  async whileRunning(consume: () => Promise<void>): Promise<void> {
    try {
      await consume();
    } catch (error) {
      this.fail(error);
    }
  }

  /** @throws what has gone wrong, or Error if nothing came */
  verify(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#count === 0) throw new Error('no item has come');
  }
}
