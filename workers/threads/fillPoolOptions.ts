import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ParentHandlers } from '../answers/HandlerFunctions.ts';
import type { CallRetry } from '../calls/CallOptions.ts';
import { ABORT_GRACE_MS, POOL_CLOSE_TIMEOUT_MS, SIGN_OF_LIFE_TIMEOUT_MS, THREAD_START_TIMEOUT_MS } from '../limits.ts';
import { checkPoolOptions } from './checkPoolOptions.ts';
import type { WorkerPoolOptions } from './WorkerPoolOptions.ts';

/** A pool's options with all defaults. */
export interface FilledPoolOptions extends WorkerPoolOptions {
  readonly filename: string | null;
  readonly name: string;
  readonly minThreads: number;
  readonly maxThreads: number;
  readonly idleTimeout: number;
  readonly maxQueue: number;
  readonly concurrentTasksPerWorker: number;
  readonly closeTimeout: number;
  readonly recordTiming: boolean;
  readonly workerHistogram: boolean;
  readonly handlers: ParentHandlers;
  readonly maxTasksPerThread: number;
  readonly retry: CallRetry;
  readonly abortGraceMs: number;
  readonly signOfLifeTimeoutMs: number;
  readonly startTimeoutMs: number;
}

/** @throws TypeError, RangeError with piscina's messages */
export function fillPoolOptions(options: WorkerPoolOptions): FilledPoolOptions {
  checkPoolOptions(options);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const processors = availableParallelism();
  let { minThreads = Math.max(Math.floor(processors / 2), 1), maxThreads = processors * 1.5 } = options;
  if (options.maxThreads !== undefined && minThreads >= maxThreads) minThreads = maxThreads;
  if (options.minThreads !== undefined && maxThreads <= minThreads) maxThreads = minThreads;
  return {
    name: 'default',
    idleTimeout: 0,
    concurrentTasksPerWorker: 1,
    niceIncrement: 0,
    trackUnmanagedFds: true,
    closeTimeout: POOL_CLOSE_TIMEOUT_MS,
    recordTiming: true,
    workerHistogram: false,
    handlers: {},
    maxTasksPerThread: Number.POSITIVE_INFINITY,
    retry: 'never',
    abortGraceMs: ABORT_GRACE_MS,
    signOfLifeTimeoutMs: SIGN_OF_LIFE_TIMEOUT_MS,
    startTimeoutMs: THREAD_START_TIMEOUT_MS,
    ...given,
    filename: options.filename == null ? null : pathOf(options.filename),
    minThreads,
    maxThreads,
    maxQueue: options.maxQueue === 'auto' ? maxThreads ** 2 : (options.maxQueue ?? Number.POSITIVE_INFINITY),
  };
}

/** The path that a path or file URL is. */
export function pathOf(filename: string): string {
  return filename.startsWith('file:') ? fileURLToPath(new URL(filename)) : filename;
}
