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
export { AbortError } from './AbortError.ts';
export type { AbortSignalAny } from './AbortSignalAny.ts';
export type { CallOptions, CallRetry, RunOptions, StreamOptions } from './CallOptions.ts';
export { currentTask } from './currentTask.ts';
export type { ParentHandler, ParentHandlers } from './HandlerFunctions.ts';
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
export { MAX_VALUE_DEPTH } from './PlainValueWriter.ts';
export type { HistogramSummary } from './PoolHistogram.ts';
export type { FilledPoolOptions, LoadBalancer, PoolTask, Task, TaskQueue, WorkerPoolOptions } from './PoolOptions.ts';
export type { PoolTimes } from './PoolStatistics.ts';
export type { WorkerView } from './PoolWorker.ts';
export {
  CANNOT_SERIALIZE,
  SERIALIZER_BUFFER_LENGTH,
  SERIALIZER_KEPT_LENGTH,
  SERIALIZER_MAX_CALLS,
  SERIALIZER_MAX_LENGTH,
  type Serializer,
} from './Serializer.ts';
export { StructuredCloneSerializer } from './StructuredCloneSerializer.ts';
export type { ParentCaller, ParentCallOptions, ParentStreamOptions, TaskContext } from './TaskContext.ts';
export type { Transfer } from './Transfer.ts';
export { Encoding, ValueCodec } from './ValueCodec.ts';
export { MAX_SKIPPED_VALUES, ValuePort } from './ValuePort.ts';
export type { ValueStream } from './ValueStream.ts';
export { type PoolCloseOptions, WorkerPool, WorkerPool as default, WorkerPool as Piscina } from './WorkerPool.ts';
