import { type Allocation, BenchThread, type Contender, SpinLimit } from '../harness/index.ts';

const VERIFIED_TURNS = 300;

/**
 * Two threads hand a word in shared memory to and fro: one turn is there and back. Nothing between threads can be
 * faster. The clock runs when the other thread is there.
 */
export class PingPong implements Contender {
  readonly isAsync = false;
  readonly name: string;
  readonly batch: number;
  readonly #memory: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #word: Int32Array = new Int32Array(this.#memory);
  readonly #limit: SpinLimit = new SpinLimit();
  readonly #worker: URL;
  #thread: BenchThread | undefined;

  /** @param worker a spec hands in one that does it wrong */
  constructor(name: string, batch: number, worker: URL = new URL('./pingPong.worker.js', import.meta.url)) {
    this.name = name;
    this.batch = batch;
    this.#worker = worker;
  }

  async open(): Promise<void> {
    this.#thread = await BenchThread.start(this.#worker, { memory: this.#memory });
  }

  verify(): void {
    this.run(VERIFIED_TURNS);
  }

  run(count: number): number {
    return this.#run(count, false);
  }

  runMeasuringPeer(count: number): Allocation {
    this.#run(count, true);
    return this.#open.jobs.allocation();
  }

  async close(): Promise<void> {
    await this.#thread?.stop();
    this.#thread = undefined;
  }

  get #open(): BenchThread {
    if (this.#thread === undefined) throw new Error(`${this.name} is not open`);
    return this.#thread;
  }

  #run(count: number, isMeasured: boolean): number {
    const { jobs } = this.#open;
    const word = this.#word;
    const limit = this.#limit;
    Atomics.store(word, 0, 0);
    jobs.begin(count, isMeasured);
    this.#turn(word, limit, 0);
    const start = performance.now();
    for (let turn = 1; turn <= count; turn++) this.#turn(word, limit, turn);
    const milliseconds = performance.now() - start;
    const turns = jobs.finish();
    if (turns !== count + 1) throw new Error(`${this.name}: ${turns} turns there, ${count + 1} here`);
    return milliseconds;
  }

  #turn(word: Int32Array, limit: SpinLimit, turn: number): void {
    Atomics.store(word, 0, 2 * turn + 1);
    while (Atomics.load(word, 0) !== 2 * turn + 2) limit.spin();
    limit.reset();
  }
}
