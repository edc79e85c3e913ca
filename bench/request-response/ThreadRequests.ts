import type { Allocation } from '../harness/allocation/Allocation.ts';
import { BenchThread } from '../harness/threads/BenchThread.ts';
import { JOB_BEGINS, JOB_ENDS } from '../harness/threads/jobsByMessage.ts';
import { RequestContender } from './RequestContender.ts';

/** Asks a thread of this bench, whose worker says how much it allocates. */
export abstract class ThreadRequests extends RequestContender {
  readonly #file: URL;
  readonly #workerData: Record<string, unknown>;
  #thread: BenchThread | undefined;

  constructor(name: string, inFlight: number, batch: number, file: URL, workerData: Record<string, unknown> = {}) {
    super(name, inFlight, batch);
    this.#file = file;
    this.#workerData = workerData;
  }

  protected get thread(): BenchThread {
    if (this.#thread === undefined) throw new Error(`${this.name} is not open`);
    return this.#thread;
  }

  override async open(): Promise<void> {
    this.#thread = await BenchThread.start(this.#file, this.#workerData);
    this.#thread.worker.on('error', (error) => this.failed(error));
  }

  async runMeasuringPeer(count: number): Promise<Allocation> {
    const { jobs, worker } = this.thread;
    jobs.begin(count, true, () => worker.postMessage(JOB_BEGINS));
    await this.run(count);
    worker.postMessage(JOB_ENDS);
    jobs.finish();
    return jobs.allocation();
  }

  override async close(): Promise<void> {
    await this.#thread?.stop();
    this.#thread = undefined;
  }
}
