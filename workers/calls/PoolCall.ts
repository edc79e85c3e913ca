/**
 * A call that a pool has taken on, from then until its function has ended.
 *
 *   NEW --> WAITING --> RUNNING --> ENDED    it waits in the queue, has a place in a thread, has ended
 *    |         |          |          ^
 *    |         |          '--> GIVEN_UP      settled here; the function goes on, and the place is taken until it ends
 *    '---------'---------------------'
 */
import { queueOptionsSymbol } from 'piscina';
import { IgnoringSubscriber } from '../../core/index.ts';
import { RSocketError } from '../../flyweight/index.ts';
import { PooledBuffer } from '../../pool/index.ts';
import { isMoved, movedOut } from '../values/movedOut.ts';
import type { Transfer } from '../values/Transfer.ts';
import { AbortError } from './AbortError.ts';
import { type AbortSignalAny, type AbortSignalEventTarget, listenToAbortSignalAny } from './AbortSignalAny.ts';
import type { CallLink } from './CallLink.ts';
import type { CallOptions } from './CallOptions.ts';
import type { CallTarget } from './CallTarget.ts';

/** Where a call is; later is more. */
export const CallState = { NEW: 0, WAITING: 1, RUNNING: 2, GIVEN_UP: 3, ENDED: 4 } as const;

/** Who has a pool's calls. */
export interface CallOwner {
  /** Takes a waiting call out of the queue. */
  withdraw(call: PoolCall): void;
}

/** The thread in which a call has a place. */
export interface CallPlace {
  readonly link: CallLink;
  /** The call's function has ended, and the place is free. */
  onCallEnded(call: PoolCall): void;
  /** Nobody waits for the call any more: the function is to be told, and the thread ended if it does not listen. */
  giveUp(call: PoolCall): void;
  /** The call's stream has ended with an error. */
  onCallFailed(call: PoolCall, error: RSocketError): void;
}

export abstract class PoolCall extends IgnoringSubscriber {
  readonly taskId: number;
  readonly target: CallTarget;
  /** As given; undefined for none. */
  readonly options: CallOptions | undefined;
  /** What the function is called with; gone once it was sent and need not be sent again. */
  task: unknown;
  transfer: Transfer;
  state: number = CallState.NEW;
  /** Set once it has one. */
  place: CallPlace | undefined = undefined;
  streamId = 0;
  slot = 0;
  /** It is given to another thread if one dies that has not begun it. */
  isRetried = false;
  retries = 0;
  /** By `performance.now`: when its caller gave it up while it ran; 0 if he did not. */
  givenUpAt = 0;
  /** By `performance.now`; 0 where the pool takes no times. */
  created = 0;
  started = 0;
  /** Neighbours in a `CallQueue`. */
  previous: PoolCall | undefined = undefined;
  following: PoolCall | undefined = undefined;
  readonly #owner: CallOwner;
  #stopListening: (() => void) | undefined = undefined;
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;

  constructor(taskId: number, owner: CallOwner, target: CallTarget, task: unknown, options: CallOptions | undefined) {
    super();
    this.taskId = taskId;
    this.#owner = owner;
    this.target = target;
    this.options = options;
    if (isMoved(task)) {
      const moved = movedOut(task, options?.transferList);
      this.task = moved.value;
      this.transfer = moved.transfer;
    } else {
      this.task = task;
      this.transfer = options?.transferList;
    }
  }

  get filename(): string {
    return this.target.filename;
  }

  get name(): string {
    return this.target.name;
  }

  get isAbortable(): boolean {
    return this.options?.signal != null;
  }

  /** Sends the call. @returns as a request @throws what the task's encoding throws; nothing was sent */
  abstract send(link: CallLink, slot: number): number;

  /** Settles what the caller has; after the first time nothing. */
  protected abstract settleWith(error: unknown): void;

  /** Listens to the signal and starts the clock. @returns false if it was aborted already: it has been settled */
  watch(): boolean {
    const { options } = this;
    if (options === undefined) return true;
    const { signal, timeoutMs } = options;
    if (signal != null) {
      if ((signal as AbortSignalEventTarget).aborted === true) {
        this.fail(new AbortError((signal as AbortSignalEventTarget).reason));
        return false;
      }
      this.#stopListening = listenToAbortSignalAny(signal as AbortSignalAny, () => {
        this.giveUp(new AbortError((signal as AbortSignalEventTarget).reason));
      });
    }
    if (timeoutMs !== undefined) {
      this.#timer = setTimeout(() => {
        const message = `the task has not ended within ${timeoutMs} ms`;
        this.giveUp(new RSocketError('ERR_FLYSOCKET_TASK_TIMEOUT', message));
      }, timeoutMs);
    }
    return true;
  }

  /** The call has a place: `streamId` and `slot` are set. */
  begun(place: CallPlace): void {
    this.place = place;
    this.state = CallState.RUNNING;
    if (this.task instanceof PooledBuffer) {
      // From here on it is the worker's, which may have written to it: it cannot be sent again.
      this.task.release();
      this.isRetried = false;
    }
    if (this.isRetried) return;
    this.task = undefined;
    this.transfer = undefined;
  }

  /** It may be sent again. */
  get canBeSentAgain(): boolean {
    return this.isRetried && (this.transfer === undefined || this.transfer.length === 0);
  }

  /** The caller wants nothing any more of this. */
  giveUp(error: unknown): void {
    if (this.state === CallState.WAITING) {
      this.#owner.withdraw(this);
      this.fail(error);
    } else if (this.state === CallState.RUNNING) {
      this.state = CallState.GIVEN_UP;
      this.givenUpAt = performance.now();
      this.settleWith(error);
      this.#stopWatching();
      (this.place as CallPlace).giveUp(this);
    } else if (this.state === CallState.NEW) {
      this.fail(error);
    }
  }

  /** It has ended, without a result. */
  fail(error: unknown): void {
    this.end();
    this.settleWith(error);
  }

  /** It has ended. What it has is let go. */
  end(): void {
    if (this.state === CallState.ENDED) return;
    this.state = CallState.ENDED;
    this.#stopWatching();
    if (this.task instanceof PooledBuffer) this.task.release();
    this.task = undefined;
    this.transfer = undefined;
  }

  override onError(error: RSocketError): void {
    (this.place as CallPlace).onCallFailed(this, error);
  }

  #stopWatching(): void {
    if (this.#stopListening !== undefined) {
      this.#stopListening();
      this.#stopListening = undefined;
    }
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }
}

// For task queues: what the task has by that symbol.
Object.defineProperty(PoolCall.prototype, queueOptionsSymbol, {
  get(this: PoolCall): object | null {
    return (this.task as { [queueOptionsSymbol]?: object } | null | undefined)?.[queueOptionsSymbol] ?? null;
  },
});
