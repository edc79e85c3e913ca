/** How long one piece of work takes the processor, in milliseconds. */
export const WORK_MS = 0.2;

/** Who waits in line is kept in an array, of which what was done is cut off now and then. */
const CUT_AT = 1_024;

/**
 * A service of one thread. Each piece of work takes the processor for WORK_MS; what comes meanwhile waits in line, and
 * the line has no end. Between two pieces the event loop has a turn, so that what arrives is read at once.
 */
export class BusyService {
  readonly #line: (() => void)[] = [];
  #first = 0;
  #isBusy = false;

  /** How many wait. */
  get waiting(): number {
    return this.#line.length - this.#first;
  }

  /** @param onDone called when this piece of work has been done, in its turn */
  work(onDone: () => void): void {
    this.#line.push(onDone);
    if (this.#isBusy) return;
    this.#isBusy = true;
    setImmediate(this.#next);
  }

  readonly #next = (): void => {
    const onDone = this.#line[this.#first] as () => void;
    this.#first++;
    if (this.#first === CUT_AT) {
      this.#line.splice(0, CUT_AT);
      this.#first = 0;
    }
    const end = performance.now() + WORK_MS;
    while (performance.now() < end);
    onDone();
    this.#isBusy = this.waiting > 0;
    if (this.#isBusy) setImmediate(this.#next);
  };
}
