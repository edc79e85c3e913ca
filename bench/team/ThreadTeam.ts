import { type Allocation, BenchThread } from '../harness/index.ts';
import { jobOf } from './jobs.ts';
import { StartGate } from './StartGate.ts';

/** Threads of a bench that do the same together: each its share, and all of them from the same moment on. */
export class ThreadTeam {
  readonly #gate: StartGate = new StartGate();
  #threads: readonly BenchThread[] = [];

  get size(): number {
    return this.#threads.length;
  }

  /**
   * @param file of a worker that calls `serveTeam`
   * @param workerData of thread number so much
   */
  async open(threads: number, file: URL, workerData: (thread: number) => Record<string, unknown>): Promise<void> {
    const start = (thread: number): Promise<BenchThread> =>
      BenchThread.start(file, { ...workerData(thread), gate: this.#gate.memory });
    this.#threads = await Promise.all(Array.from({ length: threads }, (_, thread) => start(thread)));
  }

  /** Blocks until all threads stand before the gate, with the share of each. */
  assign(share: number, isMeasured: boolean): void {
    for (const { jobs } of this.#threads) jobs.begin(jobOf(share), isMeasured);
  }

  /** Lets all threads begin. */
  begin(): void {
    this.#gate.open();
  }

  /** Blocks until all threads are done. */
  finish(): void {
    for (const { jobs } of this.#threads) jobs.finish();
  }

  /** What all of them allocated in the last job, if it was measured. */
  allocation(): Allocation {
    let heapBytes = 0;
    let arrayBufferBytes = 0;
    for (const { jobs } of this.#threads) {
      const allocation = jobs.allocation();
      heapBytes += allocation.heapBytes;
      arrayBufferBytes += allocation.arrayBufferBytes;
    }
    return { heapBytes, arrayBufferBytes };
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
    this.#threads = [];
  }
}
