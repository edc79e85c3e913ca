import { EventEmitterAsyncResource } from 'node:events';
import type { Worker } from 'node:worker_threads';
import {
  ArrayTaskQueue,
  FixedQueue,
  isWorkerThread,
  move,
  queueOptionsSymbol,
  transferableSymbol,
  valueSymbol,
  version,
  workerData,
} from 'piscina';
import { RSocketError } from '../flyweight/index.ts';
import { PooledBuffer } from '../pool/index.ts';
import { AbortError } from './calls/AbortError.ts';
import type { CallOptions, RunOptions, StreamOptions } from './calls/CallOptions.ts';
import type { CallTarget } from './calls/CallTarget.ts';
import { CallTargets } from './calls/CallTargets.ts';
import { checkCallOptions } from './calls/checkCallOptions.ts';
import { ForgottenCall } from './calls/ForgottenCall.ts';
import { itemsOf } from './calls/itemsOf.ts';
import { RunCall } from './calls/RunCall.ts';
import { StreamCall } from './calls/StreamCall.ts';
import type { ValueStream } from './calls/ValueStream.ts';
import { CallDispatcher } from './threads/CallDispatcher.ts';
import { type FilledPoolOptions, fillPoolOptions, pathOf } from './threads/fillPoolOptions.ts';
import { PoolStatistics, type PoolTimes } from './threads/PoolStatistics.ts';
import { PoolThreads, poolDestroyed } from './threads/PoolThreads.ts';
import type { WorkerPoolOptions } from './threads/WorkerPoolOptions.ts';
import { allocateShared } from './values/allocateShared.ts';

/** How a pool is closed. */
export interface PoolCloseOptions {
  /** Calls that have not begun fail with an `AbortError`. Default false: they run. */
  readonly force?: boolean | undefined;
}

/**
 * A pool of worker threads as piscina's, whose calls go over flysocket's links: `run` as there, and streams, channels
 * and calls of the parent besides. piscina makes and ends the threads.
 *
 * Events: `workerCreate` and `workerDestroy` (a `WorkerView`), `message` (what a thread posts to `parentPort`),
 * `needsDrain` and `drain`, `error` (what no call could be failed with), `taskError` (what a forgotten call threw),
 * `close`.
 */
export class WorkerPool<T = unknown, R = unknown> extends EventEmitterAsyncResource {
  readonly #options: FilledPoolOptions;
  readonly #statistics: PoolStatistics;
  readonly #threads: PoolThreads;
  readonly #calls: CallDispatcher;
  readonly #targets: CallTargets = new CallTargets();
  /** What is called by who says nothing else; undefined without a file. */
  readonly #target: CallTarget | undefined;
  #lastTaskId = -1;

  /**
   * @throws TypeError, RangeError for options out of range, with piscina's messages; and what making a Worker throws
   */
  constructor(options: WorkerPoolOptions = {}) {
    super({ name: 'WorkerPool' });
    this.#options = fillPoolOptions(options);
    const { filename, name, recordTiming } = this.#options;
    this.#target = filename === null ? undefined : this.#targets.of(filename, name);
    this.#statistics = new PoolStatistics(recordTiming);
    this.#threads = new PoolThreads(this.#options, {
      onCreated: (worker) => this.#emitSoon('workerCreate', worker),
      onDestroyed: (worker) => this.#emitSoon('workerDestroy', worker),
      onError: (error) => this.#emitSoon('error', error),
      onMessage: (message) => this.emit('message', message),
    });
    const dispatcherOptions = { ...this.#options, taskQueue: options.taskQueue, loadBalancer: options.loadBalancer };
    this.#calls = new CallDispatcher(this.#threads, dispatcherOptions, this.#statistics);
    this.#calls.onDrainChange = (needsDrain) => this.emit(needsDrain ? 'needsDrain' : 'drain');
    this.#threads.open(this.#calls);
  }

  /**
   * Calls the worker file's function with `task`, in a thread that has a place for it.
   * @param task what structured clone can carry; a PooledBuffer is released by this, whatever happens
   * @throws (as rejection) what the function throws; an `AbortError`; RSocketError ERR_FLYSOCKET_TASK_TIMEOUT,
   *   ERR_FLYSOCKET_TASK_QUEUE_FULL, ERR_FLYSOCKET_WORKERS_BUSY, ERR_FLYSOCKET_WORKER_DIED,
   *   ERR_FLYSOCKET_POOL_DESTROYED, ERR_FLYSOCKET_NO_FUNCTION, ERR_FLYSOCKET_NO_FILENAME,
   *   ERR_FLYSOCKET_TOO_MANY_TARGETS, ERR_FLYSOCKET_SERIALIZER; a DataCloneError
   */
  run(task: T | PooledBuffer, options: RunOptions & { borrow: true }): Promise<R | PooledBuffer>;
  run(task: T | PooledBuffer, options?: RunOptions): Promise<R>;
  run(task: T | PooledBuffer, options?: RunOptions): Promise<unknown> {
    let target: CallTarget;
    try {
      target = this.#targetOf(options, task);
    } catch (error) {
      return Promise.reject(error);
    }
    const call = new RunCall(++this.#lastTaskId, this.#calls, target, task, options);
    this.#calls.submit(call);
    return call.promise;
  }

  /**
   * Calls the function with `task`, and drops what it returns. Resolves when the call is on its way; what the function
   * throws is emitted as `taskError`.
   * @throws (as rejection) as `run`, as long as the call is not on its way
   */
  fireAndForget(task: T | PooledBuffer, options?: CallOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const target = this.#targetOf(options, task);
      const onUncaught = (error: unknown): void => this.#emitSoon('taskError', error);
      this.#calls.submit(
        new ForgottenCall(++this.#lastTaskId, this.#calls, target, task, options, resolve, reject, onUncaught),
      );
    });
  }

  /**
   * Calls the function with `task`; it returns items: a generator, or whatever can be iterated. The call is made when
   * the first is read, and has its place until the last. Leaving the loop gives it up.
   * @throws (by the iteration) as `run`; RSocketError ERR_FLYSOCKET_NOT_ITERABLE
   */
  requestStream(task: T | PooledBuffer, options?: StreamOptions): ValueStream<R> {
    const target = this.#targetOf(options, task);
    return this.#stream(target, task, options, undefined);
  }

  /**
   * As `requestStream`, but the function gets an AsyncIterable of `items`, which are pulled as it reads them.
   * @throws RSocketError ERR_FLYSOCKET_NOT_ITERABLE at once if `items` cannot be iterated
   */
  requestChannel(items: AsyncIterable<T> | Iterable<T>, options?: StreamOptions): ValueStream<R> {
    const target = this.#targetOf(options);
    return this.#stream(target, undefined, options, itemsOf(items, 'requestChannel'));
  }

  /** Memory for a large task, which goes to the worker as it lies: write it and hand it to `run`, which releases it. */
  allocate(length: number): PooledBuffer {
    return allocateShared(length);
  }

  /** Waits for the calls there are, takes no new ones, and ends the threads. Emits `close`. Never rejects. */
  async close(options: PoolCloseOptions = {}): Promise<void> {
    if (options === null || typeof options !== 'object') throw new TypeError('options must be an object');
    const { force = false } = options;
    if (typeof force !== 'boolean') throw new TypeError('force argument must be a boolean');
    this.#calls.isClosing = true;
    if (force) this.#calls.failWaiting(() => new AbortError('pool is closed'));
    try {
      await this.#untilEmpty();
    } catch (error) {
      this.emit('error', error);
    } finally {
      await this.destroy();
      this.emit('close');
      this.#calls.isClosing = false;
    }
  }

  /** Ends the threads; all calls fail with ERR_FLYSOCKET_POOL_DESTROYED. Calls made after that start new threads. */
  async destroy(): Promise<void> {
    const wasClosing = this.#calls.isClosing;
    this.#calls.isClosing = true;
    this.#calls.failWaiting(poolDestroyed);
    await this.#threads.destroy();
    this.#calls.isClosing = wasClosing;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get maxThreads(): number {
    return this.#options.maxThreads;
  }

  get minThreads(): number {
    return this.#options.minThreads;
  }

  get options(): FilledPoolOptions {
    return this.#options;
  }

  /** Those that are there, ready or not. */
  get threads(): Worker[] {
    return this.#threads.threads;
  }

  /** Threads that are ready and have no call. */
  get idleThreads(): number {
    return this.#threads.ready.filter(({ currentUsage }) => currentUsage === 0).length;
  }

  /** Calls that wait, beyond those for which threads are being started. */
  get queueSize(): number {
    return this.#calls.queueSize;
  }

  /** Calls that had a place and have ended, however. */
  get completed(): number {
    return this.#statistics.completed;
  }

  /** Its summaries are undefined without `recordTiming`. */
  get histogram(): PoolTimes {
    return this.#statistics.times;
  }

  /** The part of its threads' time that the pool has used, as piscina reckons it; 0 without `recordTiming`. */
  get utilization(): number {
    return this.#statistics.utilizationOf(this.#options.maxThreads);
  }

  /** Milliseconds since the pool was made. */
  get duration(): number {
    return this.#statistics.durationMs;
  }

  /** Every place is taken that there may be. */
  get needsDrain(): boolean {
    return this.#calls.needsDrain;
  }

  static get isWorkerThread(): boolean {
    return isWorkerThread;
  }

  static get workerData(): unknown {
    return workerData;
  }

  /** piscina's. */
  static get version(): string {
    return version;
  }

  static get Piscina(): typeof WorkerPool {
    // By its name the bundler would have to call the class something else.
    return this;
  }

  static get FixedQueue(): typeof FixedQueue {
    return FixedQueue;
  }

  static get ArrayTaskQueue(): typeof ArrayTaskQueue {
    return ArrayTaskQueue;
  }

  static get move(): typeof move {
    return move;
  }

  static get transferableSymbol(): typeof transferableSymbol {
    return transferableSymbol;
  }

  static get valueSymbol(): typeof valueSymbol {
    return valueSymbol;
  }

  static get queueOptionsSymbol(): typeof queueOptionsSymbol {
    return queueOptionsSymbol;
  }

  /** Whatever a listener throws, or an `error` that nobody listens to, is uncaught; here all goes on. */
  #emitSoon(event: string, what: unknown): void {
    queueMicrotask(() => this.emit(event, what));
  }

  /** What is to be called. @param task that is let go if there is nothing to call */
  #targetOf(options: CallOptions | undefined, task?: unknown): CallTarget {
    try {
      return this.#findTarget(options);
    } catch (error) {
      if (task instanceof PooledBuffer) task.release();
      throw error;
    }
  }

  #findTarget(options: CallOptions | undefined): CallTarget {
    if (options === undefined) return this.#target ?? noFilename();
    checkCallOptions(options);
    const { filename, name } = options;
    if (filename == null && name == null) return this.#target ?? noFilename();
    const path = filename == null ? (this.#options.filename ?? noFilename()) : pathOf(filename);
    return this.#targets.of(path, name ?? this.#options.name);
  }

  #stream(
    target: CallTarget,
    task: unknown,
    options: StreamOptions | undefined,
    items: Iterator<unknown> | AsyncIterator<unknown> | undefined,
  ): ValueStream<R> {
    const call = new StreamCall(++this.#lastTaskId, this.#calls, target, task, options, items, (begun) =>
      this.#calls.submit(begun),
    );
    return call.stream as ValueStream<R>;
  }

  #untilEmpty(): Promise<void> {
    if (this.#calls.hold.count === 0) return Promise.resolve();
    const { closeTimeout } = this.#options;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new RSocketError('ERR_FLYSOCKET_CLOSE_TIMEOUT', 'Close operation timed out'));
      }, closeTimeout);
      this.#calls.onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function noFilename(): never {
  const message = 'filename must be provided to run() or in options object';
  throw new RSocketError('ERR_FLYSOCKET_NO_FILENAME', message);
}
