import { connectWorker, type WorkerPeer } from 'flysocket/shm-transport';
import { type Allocation, BenchThread, type Contender, JOB_BEGINS, JOB_ENDS } from '../harness/index.ts';
import { type CounterService, countThrough } from './CounterService.ts';
import { LocalCounter } from './LocalCounter.ts';
import { RemoteCounter } from './RemoteCounter.ts';

const CALLERS = 256;
const VERIFIED_COUNT = 10_007;

/** Counts through a service, by the same code whether that is an object of this thread or another thread's. */
export class CountByService implements Contender {
  readonly isAsync = true;
  readonly name: string;
  readonly batch: number;
  readonly #cached: number;
  protected service: CounterService = new LocalCounter();

  constructor(name: string, batch: number, cached: number, service: CounterService = new LocalCounter()) {
    this.name = name;
    this.batch = batch;
    this.#cached = cached;
    this.service = service;
  }

  async verify(): Promise<void> {
    await this.run(1);
    await this.run(VERIFIED_COUNT);
  }

  async run(count: number): Promise<undefined> {
    const counted = await countThrough(this.service, count, this.#cached, CALLERS);
    if (counted !== count) throw new Error(`${this.name}: counted to ${counted} instead of ${count}`);
  }
}

/** The same, by a link to another thread. */
export class CountByRemoteService extends CountByService {
  #thread: BenchThread | undefined;
  #peer: WorkerPeer | undefined;

  async open(): Promise<void> {
    this.#thread = await BenchThread.start(new URL('./counterService.worker.js', import.meta.url));
    this.#peer = await connectWorker(this.#thread.worker);
    this.service = new RemoteCounter(this.#peer);
  }

  async runMeasuringPeer(count: number): Promise<Allocation> {
    const { jobs, worker } = this.#thread as BenchThread;
    jobs.begin(count, true, () => worker.postMessage(JOB_BEGINS));
    await this.run(count);
    worker.postMessage(JOB_ENDS);
    jobs.finish();
    return jobs.allocation();
  }

  async close(): Promise<void> {
    await this.#peer?.close();
    await this.#thread?.stop();
  }
}
