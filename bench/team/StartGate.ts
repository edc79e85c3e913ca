import { SpinLimit } from '../harness/threads/SpinLimit.ts';

/** Lets several threads begin at once: each waits before it, on its toes, until one opens it for that run. */
export class StartGate {
  readonly memory: SharedArrayBuffer;
  readonly #word: Int32Array;
  readonly #limit: SpinLimit = new SpinLimit();
  #run = 0;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#word = new Int32Array(memory);
  }

  /** Waits for the next run to begin. Every thread has to wait for each run. */
  wait(): void {
    this.#run++;
    while (Atomics.load(this.#word, 0) < this.#run) this.#limit.spin();
    this.#limit.reset();
  }

  /** Begins the next run. */
  open(): void {
    Atomics.add(this.#word, 0, 1);
  }
}
