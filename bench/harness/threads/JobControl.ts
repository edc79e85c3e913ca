/**
 * How the main thread of a bench gives jobs to another thread, over shared words, so that it may block: a job is a
 * number of operations; the other thread says when it is ready, and when it is done with which checksum.
 */

import type { Allocation } from '../allocation/Allocation.ts';
import { collectGarbage } from '../allocation/collectGarbage.ts';

const JOB_WORD = 0;
const COUNT_WORD = 1;
const MEASURED_WORD = 2;
const READY_WORD = 3;
const DONE_WORD = 4;
const CHECKSUM_WORD = 5;
const HEAP_BYTES_WORD = 6;
const ARRAY_BUFFER_BYTES_WORD = 7;
const FAILED_WORD = 8;
const WORDS = 9;

/** The count of a job that ends the thread. */
export const STOP = 0;

/** How long a bench waits for its other thread, in milliseconds. */
export const PEER_TIMEOUT_MS = 20_000;
const WAIT_SLICE_MS = 100;
/** The main thread's end. */
export class JobControl {
  readonly memory: SharedArrayBuffer = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT);
  readonly #words: Int32Array = new Int32Array(this.memory);
  #job = 0;

  /** Gives the job and blocks until the other thread is ready. `knock` tells a thread that waits in its event loop. */
  begin(count: number, isMeasured: boolean, knock?: () => void): void {
    this.#post(count, isMeasured);
    knock?.();
    this.#waitFor(READY_WORD, 'ready');
  }

  /** Blocks until the job is done. @returns its checksum */
  finish(): number {
    this.#waitFor(DONE_WORD, 'done');
    return Atomics.load(this.#words, CHECKSUM_WORD);
  }

  /** What the other thread allocated in the last job, if it was measured. */
  allocation(): Allocation {
    return {
      heapBytes: Atomics.load(this.#words, HEAP_BYTES_WORD),
      arrayBufferBytes: Atomics.load(this.#words, ARRAY_BUFFER_BYTES_WORD),
    };
  }

  stop(): void {
    this.#post(STOP, false);
  }

  #post(count: number, isMeasured: boolean): void {
    const words = this.#words;
    Atomics.store(words, COUNT_WORD, count);
    Atomics.store(words, MEASURED_WORD, isMeasured ? 1 : 0);
    this.#job++;
    Atomics.store(words, JOB_WORD, this.#job);
    Atomics.notify(words, JOB_WORD);
  }

  #waitFor(word: number, what: string): void {
    const words = this.#words;
    const deadline = performance.now() + PEER_TIMEOUT_MS;
    for (;;) {
      const value = Atomics.load(words, word);
      if (value === this.#job) return;
      if (Atomics.load(words, FAILED_WORD) !== 0) throw new Error('the other thread of the bench failed');
      if (performance.now() > deadline) throw new Error(`other thread not ${what} within ${PEER_TIMEOUT_MS} ms`);
      Atomics.wait(words, word, value, WAIT_SLICE_MS);
    }
  }
}

/** The other thread's end. */
export class JobSeat {
  readonly #words: Int32Array;
  #job = 0;
  #heapBytesAtStart = 0;
  #arrayBufferBytesAtStart = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  /** Blocks until there is a job. @returns the number of its operations, or STOP */
  next(): number {
    const words = this.#words;
    while (Atomics.load(words, JOB_WORD) === this.#job) Atomics.wait(words, JOB_WORD, this.#job, WAIT_SLICE_MS);
    return Atomics.load(words, COUNT_WORD);
  }

  /** Says that this thread is ready. @returns the number of operations in the job */
  begin(): number {
    const words = this.#words;
    this.#job = Atomics.load(words, JOB_WORD);
    if (Atomics.load(words, MEASURED_WORD) === 1) {
      collectGarbage();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      this.#heapBytesAtStart = heapUsed;
      this.#arrayBufferBytesAtStart = arrayBuffers;
    }
    Atomics.store(words, READY_WORD, this.#job);
    Atomics.notify(words, READY_WORD);
    return Atomics.load(words, COUNT_WORD);
  }

  finish(checksum: number): void {
    const words = this.#words;
    if (Atomics.load(words, MEASURED_WORD) === 1) {
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      Atomics.store(words, HEAP_BYTES_WORD, heapUsed - this.#heapBytesAtStart);
      Atomics.store(words, ARRAY_BUFFER_BYTES_WORD, arrayBuffers - this.#arrayBufferBytesAtStart);
    }
    Atomics.store(words, CHECKSUM_WORD, checksum);
    Atomics.store(words, DONE_WORD, this.#job);
    Atomics.notify(words, DONE_WORD);
  }

  /** Does jobs until told to stop; an error is printed and makes the main thread give up. */
  serve(job: (count: number) => number): void {
    try {
      while (this.next() !== STOP) this.finish(job(this.begin()));
    } catch (error) {
      console.error(error);
      Atomics.store(this.#words, FAILED_WORD, 1);
    }
  }
}
