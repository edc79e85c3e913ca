/** Hands calls to threads: at once where there is a place, else from the queue, in its order. */
import { RSocketError } from '../../flyweight/index.ts';
import { AbortError } from '../calls/AbortError.ts';
import type { CallRetry } from '../calls/CallOptions.ts';
import { type CallOwner, CallState, type PoolCall } from '../calls/PoolCall.ts';
import { MAX_CALL_RETRIES, MAX_QUEUED_CALLS } from '../limits.ts';
import { CallQueue } from './CallQueue.ts';
import type { PoolStatistics } from './PoolStatistics.ts';
import { PoolWorker } from './PoolWorker.ts';
import { ProcessHold } from './ProcessHold.ts';
import type { LoadBalancer, PoolTask, TaskQueue } from './WorkerPoolOptions.ts';

/** What the dispatcher asks of who has the threads. */
export interface ThreadSupply {
  /** Threads that are ready for calls. */
  readonly ready: readonly PoolWorker[];
  /** Threads that will be. */
  readonly starting: number;
  /** `waiting` calls find no place: starts another thread if there may be one. */
  grow(waiting: number): void;
  /** A thread has nothing to do, and nothing waits. */
  onIdle(): void;
}

/** What the dispatcher needs to know of its pool. */
interface DispatcherOptions {
  readonly concurrentTasksPerWorker: number;
  readonly maxThreads: number;
  readonly maxQueue: number;
  readonly retry: CallRetry;
  readonly taskQueue: TaskQueue | undefined;
  readonly loadBalancer: LoadBalancer | undefined;
}

/** What came of giving a call to a thread; without room in its link there may be another one that has some. */
const Placing = { DONE: 0, NO_ROOM: 1, NO_PLACE: 2 } as const;

export class CallDispatcher implements CallOwner {
  /** Keeps the process alive while there are calls. */
  readonly hold: ProcessHold = new ProcessHold();
  /** No new calls: the pool is closing. */
  isClosing = false;
  /** Every place in every thread that there may be is taken. */
  needsDrain = false;
  /** Called when that changes. */
  onDrainChange: (needsDrain: boolean) => void = ignore;
  /** Called when no call is left. */
  onEmpty: () => void = ignore;
  readonly #threads: ThreadSupply;
  readonly #options: DispatcherOptions;
  readonly #statistics: PoolStatistics;
  readonly #queue: Pick<CallQueue, 'size' | 'push' | 'shift' | 'remove'> & Partial<Pick<CallQueue, 'unshift'>>;
  /** Calls that have a place. */
  #inUse = 0;
  #drainCheckDue = false;
  readonly #checkDrain: () => void;

  constructor(threads: ThreadSupply, options: DispatcherOptions, statistics: PoolStatistics) {
    this.#threads = threads;
    this.#options = options;
    this.#statistics = statistics;
    this.#queue = (options.taskQueue as CallQueue | undefined) ?? new CallQueue();
    this.#checkDrain = () => {
      this.#drainCheckDue = false;
      const isFull = this.#inUse >= options.maxThreads * options.concurrentTasksPerWorker;
      if (isFull === this.needsDrain) return;
      this.needsDrain = isFull;
      this.onDrainChange(isFull);
    };
  }

  /** Calls that have no place. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Calls beyond those for which threads are being started. */
  get queueSize(): number {
    return Math.max(this.waiting - this.#startingPlaces, 0);
  }

  /** Takes a call on, or fails it. */
  submit(call: PoolCall): void {
    if (this.isClosing) {
      call.fail(new AbortError('queue is being terminated'));
      return;
    }
    if (!call.watch()) return;
    call.isRetried = (call.options?.retry ?? this.#options.retry) === 'rejected';
    call.created = this.#statistics.now();
    this.hold.take();
    if (this.waiting > 0 || this.#place(call) !== Placing.DONE) this.#enqueue(call);
    else this.#scheduleDrainCheck();
  }

  withdraw(call: PoolCall): void {
    this.#queue.remove(call);
    this.onCallDropped(call);
  }

  /** A call whose thread has died before it began it waits for another one, ahead of the others. */
  resubmit(call: PoolCall): void {
    if (++call.retries > MAX_CALL_RETRIES) {
      call.fail(
        new RSocketError('ERR_FLYSOCKET_WORKER_DIED', `${call.retries} threads have died before they began it`),
      );
      this.onCallDropped(call);
      return;
    }
    call.state = CallState.WAITING;
    call.place = undefined;
    this.#putBack(call);
  }

  /** Gives waiting calls to threads as long as there are places. */
  pump(): void {
    while (this.waiting > 0 && this.#hasPlace()) {
      const call = this.#queue.shift();
      if (call === null) break;
      const placing = this.#place(call);
      if (placing !== Placing.DONE) this.#putBack(call);
      if (placing === Placing.NO_PLACE) break;
    }
    this.#scheduleDrainCheck();
  }

  /** Fails the calls that have no place. */
  failWaiting(newError: () => unknown): void {
    for (let call = this.#queue.shift(); call !== null; call = this.#queue.shift()) {
      call.fail(newError());
      this.onCallDropped(call);
    }
  }

  onPlaceFree(): void {
    if (this.waiting > 0) this.pump();
    else this.#threads.onIdle();
    this.#scheduleDrainCheck();
  }

  onCallStarted(call: PoolCall): void {
    this.#inUse++;
    call.started = this.#statistics.now();
    this.#statistics.onStarted(call.started - call.created);
  }

  onCallEnded(call: PoolCall): void {
    this.#inUse--;
    this.#statistics.onEnded(this.#statistics.now() - call.started);
    this.onCallDropped(call);
  }

  /** A call that was begun and lost its place is to go on elsewhere. */
  onCallInterrupted(): void {
    this.#inUse--;
  }

  onCallDropped(_call: PoolCall): void {
    this.hold.release();
    if (this.hold.count === 0) this.onEmpty();
  }

  get #startingPlaces(): number {
    return this.#threads.starting * this.#options.concurrentTasksPerWorker;
  }

  #enqueue(call: PoolCall): void {
    try {
      this.#threads.grow(this.waiting + 1);
    } catch (error) {
      call.fail(error);
      this.onCallDropped(call);
      return;
    }
    const { maxQueue } = this.#options;
    if (this.waiting >= Math.min(maxQueue, MAX_QUEUED_CALLS) + this.#startingPlaces) {
      call.fail(maxQueue === 0 ? allBusy() : queueFull());
      this.onCallDropped(call);
      return;
    }
    call.state = CallState.WAITING;
    this.#queue.push(call);
    // A thread without room may not be the only one with a place.
    this.pump();
  }

  /** A call that was taken out waits again, ahead of those that came after it. */
  #putBack(call: PoolCall): void {
    if (this.#queue.unshift === undefined) this.#queue.push(call);
    else this.#queue.unshift(call);
  }

  /** Gives the call to a thread. One that fails at that, or whose balancer does, is done with. */
  #place(call: PoolCall): number {
    let worker: PoolWorker | undefined;
    try {
      worker = this.#choose(call);
    } catch (error) {
      call.fail(error);
      this.onCallDropped(call);
      return Placing.DONE;
    }
    if (worker === undefined) return Placing.NO_PLACE;
    return worker.begin(call) ? Placing.DONE : Placing.NO_ROOM;
  }

  /** No call is taken out of the queue for nothing: what comes next may be another one by then. */
  #hasPlace(): boolean {
    if (this.#options.loadBalancer === undefined) return this.#leastBusy() !== undefined;
    return this.#threads.ready.some((worker) => worker.takesCalls);
  }

  #choose(call: PoolCall): PoolWorker | undefined {
    const { loadBalancer } = this.#options;
    return loadBalancer === undefined ? this.#leastBusy() : this.#ask(loadBalancer, call);
  }

  #leastBusy(): PoolWorker | undefined {
    const { ready } = this.#threads;
    let chosen: PoolWorker | undefined;
    let least = this.#options.concurrentTasksPerWorker;
    for (let i = 0; i < ready.length && least > 0; i++) {
      const worker = ready[i] as PoolWorker;
      if (worker.currentUsage >= least || !worker.takesCalls) continue;
      chosen = worker;
      least = worker.currentUsage;
    }
    return chosen;
  }

  #ask(loadBalancer: LoadBalancer, call: PoolCall): PoolWorker | undefined {
    const free = this.#threads.ready.filter((worker) => worker.takesCalls);
    if (free.length === 0) return undefined;
    const chosen = loadBalancer(call as PoolCall & PoolTask, free);
    return chosen instanceof PoolWorker && chosen.takesCalls ? chosen : undefined;
  }

  #scheduleDrainCheck(): void {
    if (this.#drainCheckDue) return;
    this.#drainCheckDue = true;
    queueMicrotask(this.#checkDrain);
  }
}

function queueFull(): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_TASK_QUEUE_FULL', 'Task queue is at limit');
}

function allBusy(): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_WORKERS_BUSY', 'No task queue available and all Workers are busy');
}

function ignore(): void {}
