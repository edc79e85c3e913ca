import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { JobControl } from './JobControl.ts';

const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 2_000;

/** A worker thread of a bench, with its job control. */
export class BenchThread {
  readonly worker: Worker;
  readonly jobs: JobControl;
  readonly #exited: Promise<unknown>;

  private constructor(worker: Worker, jobs: JobControl) {
    this.worker = worker;
    this.jobs = jobs;
    this.#exited = new Promise((resolve) => worker.once('exit', resolve));
  }

  /** @param workerData reaches the worker together with `jobs`, the memory of its JobSeat */
  static async start(file: URL, workerData: Record<string, unknown> = {}): Promise<BenchThread> {
    const jobs = new JobControl();
    const worker = new Worker(file, { workerData: { ...workerData, jobs: jobs.memory } });
    await once(worker, 'online', { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
    return new BenchThread(worker, jobs);
  }

  /** Asks the thread to stop and makes sure that it did. */
  async stop(): Promise<void> {
    this.jobs.stop();
    const timer = setTimeout(() => void this.worker.terminate(), STOP_TIMEOUT_MS);
    this.worker.unref();
    this.worker.postMessage(null);
    await this.#exited;
    clearTimeout(timer);
  }
}
