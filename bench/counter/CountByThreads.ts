import { DrainQueue } from 'flysocket/shm-transport';
import { TeamContender } from '../team/TeamContender.ts';
import type { Counting, CountingSpec, Meanwhile } from './Counting.ts';
import { addMeanwhile, newMeanwhileWords, readMeanwhile } from './meanwhileWords.ts';
import { newCounting } from './newCounting.ts';

const QUEUE_CAPACITY = 1 << 16;
const VERIFIED_COUNT = 10_007;
const COUNT_LENGTH = 4;

/**
 * Several threads, the bench's own among them, count to N together, each an equal share. They begin at once, and the
 * clock runs until the last one has handed over all of its share. The count has to be N then.
 */
export class CountByThreads extends TeamContender {
  readonly #otherThreads: number;
  readonly #spec: CountingSpec;
  readonly #total: Int32Array;
  readonly #meanwhile: BigInt64Array<SharedArrayBuffer> = newMeanwhileWords();
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
    super(name, batch);
    this.#otherThreads = threads - 1;
    const total = new SharedArrayBuffer(COUNT_LENGTH);
    const queue = new SharedArrayBuffer(way === 'queue' ? DrainQueue.lengthFor(QUEUE_CAPACITY) : 0);
    this.#spec = { way, cached, total, queue };
    this.#total = new Int32Array(total);
    this.#counting = counting(this.#spec);
  }

  get way(): CountingSpec['way'] {
    return this.#spec.way;
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
    await this.team.open(this.#otherThreads, new URL('./counting.worker.js', import.meta.url), () => workerData);
  }

  verify(): void {
    this.run(1);
    this.run(VERIFIED_COUNT);
  }

  protected override work(count: number, isMeasured: boolean): number {
    const { team } = this;
    const share = Math.floor(count / (team.size + 1));
    Atomics.store(this.#total, 0, 0);
    team.assign(share, isMeasured);
    const start = performance.now();
    team.begin();
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
