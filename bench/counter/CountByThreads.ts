import { DrainQueue } from 'flysocket/shm-transport';
import type { Allocation, Contender } from '../harness/index.ts';
import { type Counting, type CountingSpec, type Meanwhile, newCounting } from './Counting.ts';
import { addMeanwhile, newMeanwhileWords, readMeanwhile } from './meanwhileWords.ts';
import { ThreadTeam } from './ThreadTeam.ts';

const QUEUE_CAPACITY = 1 << 16;
const VERIFIED_COUNT = 10_007;
const COUNT_LENGTH = 4;

/**
 * Several threads, the bench's own among them, count to N together, each an equal share. They begin at once, and the
 * clock runs until the last one has handed over all of its share. The count has to be N then.
 */
export class CountByThreads implements Contender {
  readonly isAsync = false;
  readonly name: string;
  readonly batch: number;
  readonly #otherThreads: number;
  readonly #spec: CountingSpec;
  readonly #total: Int32Array;
  readonly #meanwhile: BigInt64Array<SharedArrayBuffer> = newMeanwhileWords();
  readonly #team: ThreadTeam = new ThreadTeam();
  readonly #counting: Counting;
  #milliseconds = 0;
  #increments = 0;

  /** @param counting makes this thread's part; a spec hands in one that does it wrong */
  constructor(
    name: string,
    batch: number,
    threads: number,
    way: CountingSpec['way'],
    cached: number,
    counting: (spec: CountingSpec) => Counting = newCounting,
  ) {
    this.name = name;
    this.batch = batch;
    this.#otherThreads = threads - 1;
    const total = new SharedArrayBuffer(COUNT_LENGTH);
    const queue = new SharedArrayBuffer(way === 'queue' ? DrainQueue.lengthFor(QUEUE_CAPACITY) : 0);
    this.#spec = { way, cached, total, queue };
    this.#total = new Int32Array(total);
    this.#counting = counting(this.#spec);
  }

  /** What all threads did besides, in all runs. */
  get meanwhile(): Meanwhile {
    return readMeanwhile(this.#meanwhile);
  }

  /** What all runs took together. */
  get milliseconds(): number {
    return this.#milliseconds;
  }

  /** How far all runs counted together. */
  get increments(): number {
    return this.#increments;
  }

  async open(): Promise<void> {
    const workerData = { spec: this.#spec, meanwhile: this.#meanwhile.buffer };
    await this.#team.open(this.#otherThreads, new URL('./counting.worker.js', import.meta.url), () => workerData);
  }

  verify(): void {
    this.run(1);
    this.run(VERIFIED_COUNT);
  }

  run(count: number): number {
    return this.#run(count, false);
  }

  runMeasuringPeer(count: number): Allocation {
    this.#run(count, true);
    return this.#team.allocation();
  }

  async close(): Promise<void> {
    await this.#team.close();
  }

  #run(count: number, isMeasured: boolean): number {
    const team = this.#team;
    const share = Math.floor(count / (team.size + 1));
    Atomics.store(this.#total, 0, 0);
    team.assign(share, isMeasured);
    const start = performance.now();
    team.gate.open();
    this.#counting.count(count - share * team.size);
    team.finish();
    const milliseconds = performance.now() - start;
    addMeanwhile(this.#meanwhile, this.#counting.take());
    this.#milliseconds += milliseconds;
    this.#increments += count;
    const total = Atomics.load(this.#total, 0);
    if (total !== count) throw new Error(`${this.name}: counted to ${total} instead of ${count}`);
    return milliseconds;
  }
}
