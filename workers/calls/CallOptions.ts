import type { Transfer } from '../values/Transfer.ts';
import type { AbortSignalAny } from './AbortSignalAny.ts';

/** What any call may be given. */
export interface CallOptions {
  /** Absolute path or file URL of the worker file. Default that of the pool. */
  readonly filename?: string | null | undefined;
  /** Which of its exports. Default that of the pool. */
  readonly name?: string | null | undefined;
  /** Goes to the worker with the task and is gone here afterwards. */
  readonly transferList?: Transfer;
  /** Gives the call up, at the worker too. It then fails with an `AbortError`. */
  readonly signal?: AbortSignalAny | null | undefined;
  /** How long the call may take, waiting included; then it is given up with ERR_FLYSOCKET_TASK_TIMEOUT. */
  readonly timeoutMs?: number | undefined;
  /** Default that of the pool. */
  readonly retry?: CallRetry | undefined;
}

/**
 * What becomes of a call whose thread dies: `rejected`: if it was provably not begun it is given to another thread, at
 * most `MAX_CALL_RETRIES` times; `never`: it fails. With a transfer list or memory of `allocate` it fails in any case:
 * those are gone.
 */
export type CallRetry = 'never' | 'rejected';

/** What `run` may be given. */
export interface RunOptions extends CallOptions {
  /**
   * A result that is bytes comes as a `PooledBuffer`, where it lies if it came by reference: the caller releases it.
   */
  readonly borrow?: boolean | undefined;
}

/** What a stream or channel may be given. */
export interface StreamOptions extends CallOptions {
  /** Items asked for ahead of the reader, from 1 on; more when half of them have been read. Default `CALL_PREFETCH`. */
  readonly prefetch?: number | undefined;
}
