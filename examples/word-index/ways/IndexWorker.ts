import { Worker } from 'node:worker_threads';

/** A worker thread whose end, before it is asked for, is a failure. */
export class IndexWorker {
  readonly worker: Worker;
  /** Rejects if the worker fails or ends too early. */
  readonly failed: Promise<never>;

  constructor(url: URL) {
    const worker = new Worker(url);
    this.worker = worker;
    this.failed = new Promise((_, reject) => {
      worker.once('error', reject);
      worker.once('messageerror', reject);
      worker.once('exit', (code) => reject(new Error(`a worker ended too early, with code ${code}`)));
    });
    this.failed.catch(() => {});
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}
