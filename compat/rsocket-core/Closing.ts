import type { Closeable } from 'rsocket-core';

/** What can be closed once, and who wants to hear of it: the `Deferred` of rsocket-core. */
export class Closing implements Closeable {
  #done = false;
  #error: Error | undefined = undefined;
  #callbacks: ((error?: Error) => void)[] = [];

  get done(): boolean {
    return this.#done;
  }

  /**
   * Calls everybody back, in their order. What one of them throws is thrown in a microtask of its own. A second call
   * does nothing.
   */
  close(error?: Error): void {
    if (this.#done) return;
    this.#done = true;
    this.#error = error;
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) this.#tell(callback);
  }

  /** Ends without a word: nobody is called back, now or later. */
  protected vanish(): void {
    this.#done = true;
    this.#callbacks = [];
  }

  /** @param callback called once, with the error that was the reason, if one was: at once if it is over already */
  onClose(callback: (error?: Error) => void): void {
    if (this.#done) this.#tell(callback);
    else this.#callbacks.push(callback);
  }

  #tell(callback: (error?: Error) => void): void {
    try {
      if (this.#error === undefined) callback();
      else callback(this.#error);
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }
}
