import type { LoadClock } from '../../bench/harness/load/LoadClock.ts';

/** Time that passes only when everybody waits: the same run every time, however slow the machine. */
export class VirtualClock implements LoadClock {
  #now = 0;
  #sequence = 0;
  #sleepers: { readonly at: number; readonly sequence: number; wake(): void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ at: this.#now + Math.max(0, milliseconds), sequence: this.#sequence++, wake });
    });
  }

  /** Lets time pass until `work` is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const ended = work.finally(() => {
      isDone = true;
    });
    ended.catch(() => {});
    for (;;) {
      // Whatever can go on without time does.
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return ended;
      this.#sleepers.sort((a, b) => a.at - b.at || a.sequence - b.sequence);
      const next = this.#sleepers.shift();
      if (next === undefined) throw new Error('all wait, and nobody for the time');
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
  }
}
