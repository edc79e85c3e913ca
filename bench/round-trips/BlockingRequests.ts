import type { Allocation } from '../harness/allocation/Allocation.ts';
import type { Contender } from '../harness/Contender.ts';
import { BenchThread } from '../harness/threads/BenchThread.ts';
import { DATA_LENGTH } from '../request-response/RequestContender.ts';

/** More than are in flight, and than a byte counts. */
const VERIFIED_REQUESTS = 300;

/** As RequestContender, where this thread blocks until the answers have come. */
export abstract class BlockingRequests implements Contender {
  readonly isAsync = false;
  readonly name: string;
  readonly batch: number;
  readonly inFlight: number;
  readonly #file: URL;
  readonly #workerData: Record<string, unknown>;
  #thread: BenchThread | undefined;

  constructor(name: string, inFlight: number, batch: number, file: URL, workerData: Record<string, unknown>) {
    this.name = name;
    this.inFlight = inFlight;
    this.batch = batch;
    this.#file = file;
    this.#workerData = workerData;
  }

  /** Asks `count` times, and checks each answer. */
  protected abstract exchange(count: number): void;

  async open(): Promise<void> {
    this.#thread = await BenchThread.start(this.#file, this.#workerData);
  }

  verify(): void {
    this.run(VERIFIED_REQUESTS);
  }

  run(count: number): undefined {
    this.#job(count, false);
  }

  runMeasuringPeer(count: number): Allocation {
    this.#job(count, true);
    return this.#jobs.allocation();
  }

  async close(): Promise<void> {
    await this.#thread?.stop();
    this.#thread = undefined;
  }

  protected checkAnswer(sequence: number, firstByte: number, length: number): void {
    if (firstByte === (sequence & 0xff) && length === DATA_LENGTH) return;
    throw new Error(`${this.name}: wrong answer to request ${sequence}: ${length} bytes, first ${firstByte}`);
  }

  get #jobs(): BenchThread['jobs'] {
    if (this.#thread === undefined) throw new Error(`${this.name} is not open`);
    return this.#thread.jobs;
  }

  #job(count: number, isMeasured: boolean): void {
    this.#jobs.begin(count, isMeasured);
    this.exchange(count);
    this.#jobs.finish();
  }
}
