/** The longest interval of a timer. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Keeps the process alive while calls are under way, and lets it exit when none is. Idle links and threads do not. A
 * timer's `ref` is a count in JavaScript; that of a port or a thread is a call into the runtime.
 */
export class ProcessHold {
  readonly #timer: NodeJS.Timeout = setInterval(ignore, LONGEST_MS).unref();
  #count = 0;

  /** One thing more is under way. */
  take(): void {
    if (this.#count++ === 0) this.#timer.ref();
  }

  /** It has ended. */
  release(): void {
    if (--this.#count === 0) this.#timer.unref();
  }

  /** Things under way. */
  get count(): number {
    return this.#count;
  }
}

function ignore(): void {}
