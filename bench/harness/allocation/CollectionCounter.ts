import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';

/** Counts the garbage collections of this thread, but for those that were asked for by `gc()`. */
export class CollectionCounter {
  #count = 0;
  readonly #observer: PerformanceObserver = new PerformanceObserver((list) => this.#add(list.getEntries()));

  constructor() {
    this.#observer.observe({ type: 'gc' });
  }

  /** How many there were up to now. Takes two turns of the event loop: Node tells of a collection in the next one. */
  async count(): Promise<number> {
    await turn();
    await turn();
    this.#add(this.#observer.takeRecords());
    return this.#count;
  }

  stop(): void {
    this.#observer.disconnect();
  }

  #add(entries: readonly PerformanceEntry[]): void {
    for (const entry of entries) {
      const { detail } = entry as PerformanceEntry & { readonly detail: { readonly flags: number } };
      if ((detail.flags & constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) === 0) this.#count++;
    }
  }
}
