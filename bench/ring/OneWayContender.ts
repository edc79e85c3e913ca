import type { Allocation } from '../harness/allocation/Allocation.ts';
import type { Contender } from '../harness/Contender.ts';
import { BenchThread } from '../harness/threads/BenchThread.ts';
import { checksumOf } from './messages.ts';

/** More than the first byte of a message counts. */
const VERIFIED_MESSAGES = 300;

/**
 * Sends messages to another thread that looks at the first and last byte of each. The clock runs from the first send,
 * when the other thread is ready, until that thread has seen the last message.
 */
export abstract class OneWayContender implements Contender {
  readonly isAsync = false;
  readonly name: string;
  readonly batch: number;
  readonly #file: URL;
  readonly #workerData: Record<string, unknown>;
  readonly #checksums: Map<number, number> = new Map();
  #thread: BenchThread | undefined;

  constructor(name: string, batch: number, file: URL, workerData: Record<string, unknown>) {
    this.name = name;
    this.batch = batch;
    this.#file = file;
    this.#workerData = workerData;
  }

  /** Sends messages 0 to `count` - 1. */
  protected abstract send(count: number): void;

  /** Tells a thread that waits in its event loop that there is a job. */
  protected knock(): void {}

  protected get thread(): BenchThread {
    if (this.#thread === undefined) throw new Error(`${this.name} is not open`);
    return this.#thread;
  }

  async open(): Promise<void> {
    this.#thread = await BenchThread.start(this.#file, this.#workerData);
  }

  verify(): void {
    this.run(VERIFIED_MESSAGES);
  }

  run(count: number): number {
    return this.#run(count, false);
  }

  runMeasuringPeer(count: number): Allocation {
    this.#run(count, true);
    return this.thread.jobs.allocation();
  }

  #run(count: number, isMeasured: boolean): number {
    const { jobs } = this.thread;
    let expected = this.#checksums.get(count);
    if (expected === undefined) {
      expected = checksumOf(count);
      this.#checksums.set(count, expected);
    }
    jobs.begin(count, isMeasured, () => this.knock());
    const start = performance.now();
    this.send(count);
    const checksum = jobs.finish();
    const milliseconds = performance.now() - start;
    if (checksum !== expected) throw new Error(`${this.name}: checksum ${checksum} of ${count}, expected ${expected}`);
    return milliseconds;
  }

  async close(): Promise<void> {
    await this.#thread?.stop();
    this.#thread = undefined;
  }
}
