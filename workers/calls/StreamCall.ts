import type { PayloadFlyweight } from '../../flyweight/index.ts';
import { PooledBuffer } from '../../pool/index.ts';
import { CALL_PREFETCH } from '../limits.ts';
import { CallFlag } from '../values/CallHeaderDescriptor.ts';
import { errorOfDescription } from '../values/describeThrown.ts';
import type { CallLink } from './CallLink.ts';
import type { StreamOptions } from './CallOptions.ts';
import type { CallTarget } from './CallTarget.ts';
import { type CallOwner, type CallPlace, CallState, PoolCall } from './PoolCall.ts';
import { type ItemMemory, RESERVED_CREDIT, ValuePump } from './ValuePump.ts';
import { ValueStream } from './ValueStream.ts';

/** A call for a stream, or, with items of its own to send, for a channel. */
export class StreamCall extends PoolCall {
  /** What the caller reads. */
  readonly stream: ValueStream<unknown>;
  readonly #prefetch: number;
  /** What it sends, on a channel. */
  readonly #items: Iterator<unknown> | AsyncIterator<unknown> | undefined;
  #pump: ValuePump | undefined;
  /** Granted by the worker before the pump was there. */
  #demand = 0;

  /** @param submit hands this to the pool, when the first item is wanted */
  constructor(
    taskId: number,
    owner: CallOwner,
    target: CallTarget,
    task: unknown,
    options: StreamOptions | undefined,
    items: Iterator<unknown> | AsyncIterator<unknown> | undefined,
    submit: (call: StreamCall) => void,
  ) {
    super(taskId, owner, target, task, options);
    this.#items = items;
    this.#prefetch = options?.prefetch ?? CALL_PREFETCH;
    this.stream = new ValueStream(
      {
        begin: () => submit(this),
        request: (n) => this.place?.link.peer.request(this.streamId, n),
        leave: () => this.giveUp(undefined),
      },
      this.#prefetch,
    );
  }

  override send(link: CallLink, slot: number): number {
    const requestN = this.#prefetch + RESERVED_CREDIT;
    return this.#items === undefined
      ? link.stream(this.target, slot, this.task, this.transfer, requestN, this)
      : link.channel(this.target, slot, requestN, this);
  }

  override begun(place: CallPlace): void {
    super.begun(place);
    if (this.#items === undefined) return;
    this.#pump = new ValuePump(place.link, this.streamId, this.#demand, this.#items, undefined, HANDED_OVER);
    this.#pump.start();
  }

  override onNext(payload: PayloadFlyweight): void {
    const { link } = this.place as CallPlace;
    let item: unknown;
    let flags = 0;
    try {
      flags = link.values.flagsOf(payload);
      item = link.values.valueOf(payload);
      if ((flags & CallFlag.DESCRIBED) !== 0) item = errorOfDescription(item);
    } catch (error) {
      this.giveUp(error);
      return;
    }
    if (this.state !== CallState.RUNNING) return;
    if ((flags & CallFlag.THROWN) !== 0) this.stream.fail(item);
    else this.stream.push(item);
    link.peer.connection.yieldSoon();
  }

  override onComplete(): void {
    const place = this.place as CallPlace;
    this.end();
    place.onCallEnded(this);
    this.stream.end();
    place.link.peer.connection.yieldSoon();
  }

  override onRequestN(n: number): void {
    if (this.#pump === undefined) this.#demand += n;
    else this.#pump.onRequestN(n);
  }

  override onWritable(): void {
    this.#pump?.onWritable();
  }

  /** The function reads no more of what is sent. */
  override onCancel(): void {
    this.#pump?.stop();
  }

  override end(): void {
    super.end();
    if (this.#pump !== undefined) this.#pump.stop();
    else if (this.#items !== undefined) stopUnread(this.#items);
  }

  protected override settleWith(error: unknown): void {
    this.#pump?.stop();
    if (error === undefined) this.stream.end();
    else this.stream.fail(error);
  }
}

/** Buffers of a pool that are items are the stream's from then on. */
const HANDED_OVER: ItemMemory = {
  holderOf: () => undefined,
  letGo: (item) => {
    if (item instanceof PooledBuffer) item.release();
  },
};

/** The items were not asked for: their producer is told. */
function stopUnread(items: Iterator<unknown> | AsyncIterator<unknown>): void {
  try {
    const returned = items.return?.();
    if (returned !== undefined && 'then' in returned) returned.then(undefined, ignore);
  } catch {
    // Its failure to clean up concerns nobody any more.
  }
}

function ignore(): void {}
