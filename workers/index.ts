/** Pools of worker threads: piscina's threads, flysocket's calls. For Node. */
export {
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
export { currentTask } from './answers/currentTask.ts';
export type { ParentHandler, ParentHandlers } from './answers/HandlerFunctions.ts';
export type { ParentCaller, ParentCallOptions, ParentStreamOptions, TaskContext } from './answers/TaskContext.ts';
export { AbortError } from './calls/AbortError.ts';
export type { AbortSignalAny } from './calls/AbortSignalAny.ts';
export type { CallOptions, CallRetry, RunOptions, StreamOptions } from './calls/CallOptions.ts';
export type { ValueStream } from './calls/ValueStream.ts';
export {
  ABORT_GRACE_MS,
  CALL_PREFETCH,
  DEATH_NOTICE_TIMEOUT_MS,
  MAX_CALL_RETRIES,
  MAX_CALL_TARGETS,
  MAX_FRAMED_BYTES,
  MAX_QUEUED_ANSWER_BYTES,
  MAX_QUEUED_CALLS,
  MAX_REFERENCED_BYTES,
  MAX_WAITING_PARENT_CALLS,
  POOL_CLOSE_TIMEOUT_MS,
  SIGN_OF_LIFE_TIMEOUT_MS,
  THREAD_START_TIMEOUT_MS,
} from './limits.ts';
export type { FilledPoolOptions } from './threads/fillPoolOptions.ts';
export type { HistogramSummary } from './threads/PoolHistogram.ts';
export type { PoolTimes } from './threads/PoolStatistics.ts';
export type { WorkerView } from './threads/PoolWorker.ts';
export type {
  LoadBalancer,
  PoolTask,
  Task,
  TaskQueue,
  WorkerPoolOptions,
} from './threads/WorkerPoolOptions.ts';
export { MAX_VALUE_DEPTH } from './values/PlainValueWriter.ts';
export {
  CANNOT_SERIALIZE,
  SERIALIZER_BUFFER_LENGTH,
  SERIALIZER_KEPT_LENGTH,
  SERIALIZER_MAX_CALLS,
  SERIALIZER_MAX_LENGTH,
  type Serializer,
} from './values/Serializer.ts';
export { StructuredCloneSerializer } from './values/StructuredCloneSerializer.ts';
export type { Transfer } from './values/Transfer.ts';
export { Encoding, ValueCodec } from './values/ValueCodec.ts';
export { MAX_SKIPPED_VALUES, ValuePort } from './values/ValuePort.ts';
export { type PoolCloseOptions, WorkerPool, WorkerPool as default, WorkerPool as Piscina } from './WorkerPool.ts';
