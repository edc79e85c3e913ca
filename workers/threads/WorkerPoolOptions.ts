import type { WorkerOptions } from 'node:worker_threads';
import type { queueOptionsSymbol } from 'piscina';
import type { ParentHandlers } from '../answers/HandlerFunctions.ts';
import type { CallRetry } from '../calls/CallOptions.ts';
import type { WorkerView } from './PoolWorker.ts';

/** A waiting call, as task queues see it. */
export interface Task {
  /** What the task has under `queueOptionsSymbol`. */
  readonly [queueOptionsSymbol]: object | null;
}

/** A waiting call, as load balancers see it. */
export interface PoolTask extends Task {
  readonly taskId: number;
  readonly filename: string;
  readonly name: string;
  /** By `performance.now`; 0 without `recordTiming`. */
  readonly created: number;
  /** It has a signal. */
  readonly isAbortable: boolean;
}

/** Where calls wait: piscina's interface. */
export interface TaskQueue {
  readonly size: number;
  shift(): Task | null;
  remove(task: Task): void;
  push(task: Task): void;
  /** Puts a task first that was taken out before. */
  unshift?(task: Task): void;
}

/** Chooses a thread for a call, or null: then it waits until a place is free. @param workers those with room */
export type LoadBalancer = (task: PoolTask, workers: readonly WorkerView[]) => WorkerView | null;

/** How a pool is made: piscina's options, and what comes on top. All have defaults. */
export interface WorkerPoolOptions {
  /** Absolute path or file URL of the worker file. */
  readonly filename?: string | null | undefined;
  /** Which of its exports is called. Default `default`. */
  readonly name?: string | undefined;
  /** Threads that there always are. Default half as many as processors. */
  readonly minThreads?: number | undefined;
  /** Threads that there may be. Default one and a half times as many as processors. */
  readonly maxThreads?: number | undefined;
  /** How long a thread above `minThreads` may have nothing to do before it ends, in milliseconds. Default 0. */
  readonly idleTimeout?: number | undefined;
  /** Calls that may wait; `auto`: the square of `maxThreads`. Default Infinity, which is `MAX_QUEUED_CALLS`. */
  readonly maxQueue?: number | 'auto' | undefined;
  /** Calls that one thread has at once. Default 1. */
  readonly concurrentTasksPerWorker?: number | undefined;
  /** Of no effect: threads look at their rings, and sleep on a port. */
  readonly atomics?: 'sync' | 'async' | 'disabled' | undefined;
  readonly resourceLimits?: WorkerOptions['resourceLimits'];
  readonly argv?: WorkerOptions['argv'];
  readonly execArgv?: WorkerOptions['execArgv'];
  readonly env?: WorkerOptions['env'];
  readonly workerData?: unknown;
  readonly taskQueue?: TaskQueue | undefined;
  readonly niceIncrement?: number | undefined;
  readonly trackUnmanagedFds?: boolean | undefined;
  /** How long `close` waits for what runs, in milliseconds. Default `POOL_CLOSE_TIMEOUT_MS`. */
  readonly closeTimeout?: number | undefined;
  /** Takes the times that `histogram` sums up. Default true. */
  readonly recordTiming?: boolean | undefined;
  /** Of no effect: a call that finds no place keeps its own in the queue. */
  readonly stricterFIFO?: boolean | undefined;
  /** Default: the thread with the least calls. */
  readonly loadBalancer?: LoadBalancer | undefined;
  /** Takes the times of each thread, too. Default false. */
  readonly workerHistogram?: boolean | undefined;
  /** Functions of this thread that workers call by `currentTask().parent`. */
  readonly handlers?: ParentHandlers | undefined;
  /** Calls after which a thread is replaced by another. Default Infinity. */
  readonly maxTasksPerThread?: number | undefined;
  /** What becomes of calls whose thread dies. Default `never`. */
  readonly retry?: CallRetry | undefined;
  /** Default `ABORT_GRACE_MS`. */
  readonly abortGraceMs?: number | undefined;
  /** Default `SIGN_OF_LIFE_TIMEOUT_MS`. */
  readonly signOfLifeTimeoutMs?: number | undefined;
  /** Default `THREAD_START_TIMEOUT_MS`. */
  readonly startTimeoutMs?: number | undefined;
  /** URL of a module that exports a `Serializer` as `serializer`; this thread and the workers load it. */
  readonly serializer?: string | URL | undefined;
  /** Bytes of each direction of the link with a thread, a power of two. Default `RING_CAPACITY`. */
  readonly ringCapacity?: number | undefined;
}
