import type { PooledBuffer } from '../../pool/index.ts';
import { allocateShared } from '../values/allocateShared.ts';

/** A function of the worker's parent, as the worker calls it: see `handlers` of `WorkerPoolOptions`. */
export interface ParentCaller {
  /**
   * Calls the handler of that name in the parent.
   * @throws (as rejection) what the handler throws; RSocketError ERR_FLYSOCKET_NO_HANDLER,
   *   ERR_FLYSOCKET_TOO_MANY_WAITING, what the value's encoding throws, or the end of the link
   */
  run(name: string, value?: unknown, options?: ParentCallOptions): Promise<unknown>;
  /** Items of the iterable that the handler returns. The call is made when the first is read. @throws as `run` */
  requestStream(name: string, value?: unknown, options?: ParentStreamOptions): AsyncIterable<unknown>;
}

/** What a call of the parent may be given. */
export interface ParentCallOptions {
  /** Gives the call up; it then fails with the signal's reason, and the handler's own signal aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Goes to the parent with the value and is gone here afterwards. */
  readonly transferList?: readonly object[] | undefined;
}

/** What a stream from the parent may be given. */
export interface ParentStreamOptions extends ParentCallOptions {
  /** Items asked for ahead of the reader. Default `CALL_PREFETCH`. */
  readonly prefetch?: number | undefined;
}

/** A running call, as the function sees it that was called. */
export class TaskContext {
  /** Under which it was called: the name of an export, or of a handler. */
  readonly name: string;
  readonly #parent: ParentCaller | undefined;
  readonly #allocated: PooledBuffer[] = [];
  #controller: AbortController | undefined;
  #reason: unknown;
  #isAborted = false;

  constructor(name: string, parent?: ParentCaller) {
    this.name = name;
    this.#parent = parent;
  }

  /** Aborts when the caller gives the call up. Made at the first access. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** The thread that started this one: what its pool has `handlers` for can be called there. Good for ever. */
  get parent(): ParentCaller {
    return this.#parent as ParentCaller;
  }

  /**
   * Memory for a large result, which goes to the caller as it lies: write it, and return it or a Uint8Array over it. It
   * is the task's: released when the task has ended, or, if it is an item of a stream, when that was sent.
   * @throws RSocketError ERR_FLYSOCKET_POOL_EXHAUSTED
   */
  allocate(length: number): PooledBuffer {
    const pooled = allocateShared(length);
    this.#allocated.push(pooled);
    return pooled;
  }

  /** Where `bytes` lie, if they lie in memory of this task. */
  holderOf(bytes: Uint8Array): PooledBuffer | undefined {
    return this.#allocated.find((pooled) => lieIn(pooled, bytes));
  }

  /** Has memory that is to be released with the task. */
  own(pooled: PooledBuffer): void {
    this.#allocated.push(pooled);
  }

  /** An item was sent, or will not be: if it is memory of this task it is let go. */
  letGo(item: unknown): void {
    const index = this.#allocated.indexOf(item as PooledBuffer);
    if (index < 0) return;
    this.#allocated.splice(index, 1);
    (item as PooledBuffer).release();
  }

  /** The task has ended. */
  end(): void {
    for (const pooled of this.#allocated.splice(0)) pooled.release();
  }

  /** The caller has given up. */
  abort(reason: unknown): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}

function lieIn({ buffer, offset, length }: PooledBuffer, bytes: Uint8Array): boolean {
  const start = buffer.byteOffset + offset;
  const isWithin = bytes.byteOffset >= start && bytes.byteOffset + bytes.length <= start + length;
  return isWithin && bytes.buffer === buffer.buffer;
}
