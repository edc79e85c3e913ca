const LOOK_MS = 20;

/** The most that this process takes up, looked at all the time. */
export class PeakMemory {
  #peak = 0;

  constructor() {
    setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** The most since the last call, in bytes of RSS. */
  take(): number {
    this.#look();
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }

  #look(): void {
    this.#peak = Math.max(this.#peak, process.memoryUsage.rss());
  }
}
