/**
 * How threads of a page learn of each other's end: nothing tells that a worker was terminated, but the browser gives
 * back the Web Locks that it held. So a worker takes a lock of its own for life, and who wants to know asks for it.
 */

/** How long after the end of a thread that is told: what it had posted has come by then. */
const END_GRACE_MS = 50;

/** The Web Locks of `navigator`, which pages have that are secure contexts. */
interface Locks {
  request(
    name: string,
    options: { readonly mode: 'exclusive' | 'shared'; readonly signal?: AbortSignal },
    whileHeld: () => unknown,
  ): Promise<unknown>;
}

export class WebLife {
  readonly #locks: Locks | undefined = (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks;
  #own: Promise<string> | undefined;

  /** The name of this thread's life, once it can be watched; undefined without Web Locks. */
  own(): Promise<string> | undefined {
    const locks = this.#locks;
    if (locks === undefined) return undefined;
    this.#own ??= new Promise((resolve, reject) => {
      const name = `flysocket ${crypto.randomUUID()}`;
      const whileHeld = (): Promise<never> => {
        resolve(name);
        return new Promise(() => {});
      };
      locks.request(name, { mode: 'exclusive' }, whileHeld).catch(reject);
    });
    return this.#own;
  }

  /** Calls `onEnd` when the thread of that life has ended. @returns stops watching */
  watch(name: string, onEnd: () => void): () => void {
    const controller = new AbortController();
    const { signal } = controller;
    const whileHeld = (): void => {
      setTimeout(() => {
        if (!signal.aborted) onEnd();
      }, END_GRACE_MS);
    };
    this.#locks?.request(name, { mode: 'shared', signal }, whileHeld).catch(() => {
      // That is how a watch ends which was stopped.
    });
    return () => controller.abort();
  }
}
