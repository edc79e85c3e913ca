import type { StreamSubscriber } from '../../core/index.ts';
import { ErrorCode, type PayloadFlyweight, RSocketError } from '../../flyweight/index.ts';
import type { CallLink } from '../calls/CallLink.ts';
import { isPromise } from '../calls/isPromise.ts';
import { itemsOf } from '../calls/itemsOf.ts';
import { type ItemMemory, RESERVED_CREDIT, ValuePump } from '../calls/ValuePump.ts';
import { ValueStream } from '../calls/ValueStream.ts';
import { CALL_PREFETCH } from '../limits.ts';
import { CallFlag } from '../values/CallHeaderDescriptor.ts';
import { errorOfDescription } from '../values/describeThrown.ts';
import { enterTask, type TaskScope } from './currentTask.ts';
import type { CalledFunction } from './FunctionSource.ts';
import type { TaskContext } from './TaskContext.ts';

/** Who has the answers of a link. */
export interface AnswerOwner {
  /** Of a call of that name. */
  newContext(name: string): TaskContext;
  /** The answer with that stream is over. */
  untrack(streamId: number): void;
}

/** The answer to a call for a stream or channel: ties the stream's signals to the iterables of its halves. */
export class StreamAnswer implements StreamSubscriber, TaskScope {
  /** The function has ended, and so has the stream. */
  isOver = false;
  readonly #owner: AnswerOwner;
  readonly #link: CallLink;
  readonly #streamId: number;
  readonly #name: string;
  readonly #passesContext: boolean;
  #demand: number;
  #pump: ValuePump | undefined;
  #inbound: ValueStream<unknown> | undefined;
  #context: TaskContext | undefined;
  #isAborted = false;

  constructor(
    owner: AnswerOwner,
    link: CallLink,
    streamId: number,
    demand: number,
    name: string,
    passesContext: boolean,
  ) {
    this.#owner = owner;
    this.#link = link;
    this.#streamId = streamId;
    this.#demand = demand;
    this.#name = name;
    this.#passesContext = passesContext;
  }

  get context(): TaskContext {
    this.#context ??= this.#owner.newContext(this.#name);
    return this.#context;
  }

  /** What the caller sends on a channel: the function's argument. */
  openInbound(): ValueStream<unknown> {
    const { peer } = this.#link;
    this.#inbound = new ValueStream(
      {
        begin: () => {},
        request: (n) => peer.request(this.#streamId, n),
        leave: () => peer.cancel(this.#streamId),
      },
      CALL_PREFETCH,
    );
    peer.request(this.#streamId, CALL_PREFETCH + RESERVED_CREDIT);
    return this.#inbound;
  }

  call(called: CalledFunction, value: unknown): void {
    const before = enterTask(this);
    let result: unknown;
    try {
      result = this.#passesContext ? called(value, this.context) : called(value);
    } catch (error) {
      enterTask(before);
      this.fail(error);
      return;
    }
    enterTask(before);
    if (!isPromise(result)) {
      this.#pumpFrom(result);
      return;
    }
    result.then(
      (items) => this.#pumpFrom(items),
      (error: unknown) => this.fail(error),
    );
    this.#link.peer.connection.yieldSoon();
  }

  /** There will be no items. */
  fail(error: unknown): void {
    this.#pump = new ValuePump(this.#link, this.#streamId, this.#demand, failing(error), this, this.#memory);
    this.#startPump();
  }

  /** The caller has given up: the function is told, and the stream ends with it. */
  abort(reason: unknown): void {
    if (this.#isAborted || this.isOver) return;
    this.#isAborted = true;
    this.#context?.abort(reason);
    this.#inbound?.fail(reason);
    this.#pump?.stop();
  }

  onNext(payload: PayloadFlyweight): void {
    const flags = this.#link.values.flagsOf(payload);
    try {
      const value = this.#link.values.valueOf(payload);
      if ((flags & CallFlag.THROWN) === 0) this.#inbound?.push(value);
      else this.#inbound?.fail((flags & CallFlag.DESCRIBED) === 0 ? value : errorOfDescription(value));
    } catch (error) {
      this.#inbound?.fail(error);
    }
    this.#link.peer.connection.yieldSoon();
  }

  onComplete(): void {
    this.#inbound?.end();
    this.#link.peer.connection.yieldSoon();
  }

  onError(error: RSocketError): void {
    this.abort(error);
  }

  onRequestN(n: number): void {
    if (this.#pump === undefined) this.#demand += n;
    else this.#pump.onRequestN(n);
  }

  onWritable(): void {
    this.#pump?.onWritable();
  }

  onCancel(): void {
    this.abort(new RSocketError('ERR_FLYSOCKET_CANCELED', 'the caller has given up', ErrorCode.CANCELED));
  }

  readonly #memory: ItemMemory = {
    holderOf: (bytes) => this.#context?.holderOf(bytes),
    letGo: (item) => this.#context?.letGo(item),
  };

  #pumpFrom(items: unknown): void {
    let iterator: Iterator<unknown> | AsyncIterator<unknown>;
    try {
      iterator = itemsOf(items, this.#name);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.#pump = new ValuePump(this.#link, this.#streamId, this.#demand, iterator, this, this.#memory);
    this.#startPump();
  }

  #startPump(): void {
    const pump = this.#pump as ValuePump;
    pump.onFinished = () => {
      this.isOver = true;
      this.#context?.end();
      this.#owner.untrack(this.#streamId);
      if (this.#inbound?.isEnded === false) this.#inbound.return();
    };
    if (this.#isAborted) pump.stop();
    else pump.start();
  }
}

function failing(error: unknown): Iterator<unknown> {
  return {
    next: () => {
      throw error;
    },
  };
}
