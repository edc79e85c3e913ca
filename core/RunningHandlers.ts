/** Counts handlers that were started and have not finished, and bounds them: a cancel alone frees no place. */
export class RunningHandlers {
  readonly #max: number;
  #count = 0;
  /** To be called once by each that finishes. */
  readonly onFinished: () => void;

  constructor(max: number) {
    this.#max = max;
    this.onFinished = () => {
      this.#count--;
    };
  }

  /** @returns false if no more may run */
  tryStart(): boolean {
    if (this.#count >= this.#max) return false;
    this.#count++;
    return true;
  }
}
