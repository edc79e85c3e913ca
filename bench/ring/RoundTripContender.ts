import type { Allocation } from '../harness/allocation/Allocation.ts';
import type { Contender } from '../harness/Contender.ts';
import { LatencyHistogram } from '../harness/load/LatencyHistogram.ts';
import { BenchThread } from '../harness/threads/BenchThread.ts';
import { firstByteOf, lastByteOf } from './messages.ts';

const VERIFIED_ROUND_TRIPS = 300;

/** Sends one message at a time to another thread and waits for it to come back. */
export abstract class RoundTripContender implements Contender {
  abstract readonly isAsync: boolean;
  readonly name: string;
  readonly batch: number;
  readonly roundTrips: LatencyHistogram = new LatencyHistogram();
  readonly #file: URL;
  readonly #workerData: Record<string, unknown>;
  #thread: BenchThread | undefined;

  constructor(name: string, batch: number, file: URL, workerData: Record<string, unknown>) {
    this.name = name;
    this.batch = batch;
    this.#file = file;
    this.#workerData = workerData;
  }

  /**
   * Sends messages 0 to `count` - 1, each when the one before is back, and checks each.
   * @param isTimed whether to record how long each took: the clock itself allocates
   */
  protected abstract roundTrip(count: number, isTimed: boolean): undefined | Promise<undefined>;

  protected knock(): void {}

  protected get thread(): BenchThread {
    if (this.#thread === undefined) throw new Error(`${this.name} is not open`);
    return this.#thread;
  }

  protected checkAnswer(sequence: number, firstByte: number, lastByte: number): void {
    if (firstByte !== firstByteOf(sequence) || lastByte !== lastByteOf(sequence)) {
      throw new Error(`${this.name}: wrong answer to message ${sequence}`);
    }
  }

  async open(): Promise<void> {
    this.#thread = await BenchThread.start(this.#file, this.#workerData);
  }

  async verify(): Promise<void> {
    await this.run(VERIFIED_ROUND_TRIPS);
  }

  run(count: number): undefined | Promise<undefined> {
    this.thread.jobs.begin(count, false, () => this.knock());
    return this.roundTrip(count, true);
  }

  async runMeasuringPeer(count: number): Promise<Allocation> {
    const { jobs } = this.thread;
    jobs.begin(count, true, () => this.knock());
    await this.roundTrip(count, false);
    jobs.finish();
    return jobs.allocation();
  }

  async close(): Promise<void> {
    await this.#thread?.stop();
    this.#thread = undefined;
  }
}
