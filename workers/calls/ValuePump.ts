/**
 * The outbound half of a stream from an iterable: pulls the next item when the last one has left, so back pressure
 * reaches whoever produces the items. One credit is kept back for what the iterable throws: it goes as a last item, so
 * that it arrives as what it is.
 */
import { ITEMS_PER_TURN, MAX_REQUEST_N, NO_DEMAND, SENT } from '../../core/index.ts';
import { ErrorCode } from '../../flyweight/index.ts';
import { PooledBuffer } from '../../pool/index.ts';
import { BACK_PRESSURED } from '../../transport/index.ts';
import { enterTask, type TaskScope } from '../answers/currentTask.ts';
import { CallFlag } from '../values/CallHeaderDescriptor.ts';
import { describeThrown, isToBeDescribed } from '../values/describeThrown.ts';
import { isMoved, movedOut } from '../values/movedOut.ts';
import type { CallLink } from './CallLink.ts';
import { isPromise } from './isPromise.ts';

/** Credits that are no items. */
export const RESERVED_CREDIT = 1;

type Items = Iterator<unknown> | AsyncIterator<unknown>;

/** Who owns the memory that items may lie in. */
export interface ItemMemory {
  /** The memory of its own that `bytes` lie in, if they do. */
  holderOf(bytes: Uint8Array): PooledBuffer | undefined;
  /** An item was sent, or will not be: memory of its own is let go. */
  letGo(item: unknown): void;
}

export class ValuePump {
  /** Told once when the producer has finished, be it that it was stopped. Its end has been sent by then. */
  onFinished: () => void = ignore;
  readonly #link: CallLink;
  readonly #streamId: number;
  readonly #items: Items;
  /** That of the call whose items these are; undefined where there is none. */
  readonly #scope: TaskScope | undefined;
  readonly #memory: ItemMemory;
  readonly #onResult: (result: IteratorResult<unknown>) => void;
  readonly #onFailure: (error: unknown) => void;
  #demand: number;
  #held: IteratorResult<unknown> | undefined;
  #sentThisTurn = 0;
  #pulling = false;
  #ended = false;
  /** The iterable threw, and that has to be sent. */
  #hasThrown = false;
  #thrown: unknown;
  #thrownFlags: number = CallFlag.THROWN;

  /** @param demand items that the peer has granted so far, the reserved one included */
  constructor(
    link: CallLink,
    streamId: number,
    demand: number,
    items: Items,
    scope: TaskScope | undefined,
    memory: ItemMemory,
  ) {
    this.#link = link;
    this.#streamId = streamId;
    this.#items = items;
    this.#scope = scope;
    this.#memory = memory;
    this.#demand = demand;
    this.#onResult = (result) => {
      this.#pulling = false;
      if (this.#take(result)) this.#pump();
    };
    this.#onFailure = (error) => {
      this.#pulling = false;
      this.#fail(error);
    };
  }

  start(): void {
    this.#pump();
  }

  onRequestN(n: number): void {
    this.#sentThisTurn = 0;
    this.#demand = n === MAX_REQUEST_N ? Number.POSITIVE_INFINITY : this.#demand + n;
    this.#pump();
  }

  onWritable(): void {
    this.#sentThisTurn = 0;
    if (this.#hasThrown) this.#sendThrown();
    else this.#pump();
  }

  /** Nobody wants more items: tells the producer, and ends the stream once that has finished. */
  stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#held !== undefined) this.#memory.letGo(this.#held.value);
    this.#held = undefined;
    this.#finishProducer(() => this.#finish());
  }

  #finishProducer(finish: () => void): void {
    const before = enterTask(this.#scope);
    let returned: unknown;
    try {
      returned = this.#items.return?.();
    } catch {
      // The producer's failure to clean up concerns nobody any more.
    }
    enterTask(before);
    if (isPromise(returned)) returned.then(finish, finish);
    else finish();
  }

  #pump(): void {
    while (!this.#pulling && !this.#ended && this.#demand > RESERVED_CREDIT) {
      if (this.#sentThisTurn === ITEMS_PER_TURN) {
        this.#link.peer.pause(this.#streamId);
        return;
      }
      const held = this.#held;
      if (held !== undefined) {
        this.#held = undefined;
        if (!this.#take(held)) return;
        continue;
      }
      if (!this.#pull()) return;
    }
  }

  /** @returns true if an item was sent at once */
  #pull(): boolean {
    const before = enterTask(this.#scope);
    let result: unknown;
    try {
      result = this.#items.next();
    } catch (error) {
      enterTask(before);
      this.#fail(error);
      return false;
    }
    enterTask(before);
    if (isPromise(result)) {
      this.#pulling = true;
      result.then(this.#onResult as (result: unknown) => void, this.#onFailure);
      this.#link.peer.connection.yieldSoon();
      return false;
    }
    return this.#take(result as IteratorResult<unknown>);
  }

  /** @returns true if an item was sent */
  #take(result: IteratorResult<unknown>): boolean {
    if (this.#ended) return false;
    if (result.done === true) {
      this.#ended = true;
      this.#finish();
      return false;
    }
    if (this.#demand <= RESERVED_CREDIT) {
      this.#held = result;
      return false;
    }
    let sent: number;
    try {
      sent = this.#send(result.value);
    } catch (error) {
      this.#finishProducer(ignore);
      this.#fail(error);
      return false;
    }
    if (sent === SENT) {
      this.#demand--;
      this.#sentThisTurn++;
      return true;
    }
    if (sent === BACK_PRESSURED || sent === NO_DEMAND) this.#held = result;
    else this.stop();
    return false;
  }

  #send(item: unknown): number {
    if (item instanceof PooledBuffer) {
      const sent = this.#link.next(this.#streamId, item, undefined, false);
      if (sent === SENT) this.#memory.letGo(item);
      return sent;
    }
    if (item instanceof Uint8Array) return this.#sendBytes(item);
    return isMoved(item) ? this.#sendMoved(item) : this.#link.next(this.#streamId, item, undefined, false);
  }

  #sendMoved(item: unknown): number {
    const { value, transfer } = movedOut(item, undefined);
    return this.#link.next(this.#streamId, value, transfer, false);
  }

  #sendBytes(item: Uint8Array): number {
    const holder = this.#memory.holderOf(item);
    if (holder !== undefined) {
      const sent = this.#link.nextIn(holder, this.#streamId, item, false);
      if (sent === SENT) this.#memory.letGo(holder);
      return sent;
    }
    return isMoved(item) ? this.#sendMoved(item) : this.#link.next(this.#streamId, item, undefined, false);
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#hasThrown = true;
    const isDescribed = isToBeDescribed(error);
    this.#thrown = isDescribed ? describeThrown(error) : error;
    if (isDescribed) this.#thrownFlags |= CallFlag.DESCRIBED;
    this.#sendThrown();
  }

  #sendThrown(): void {
    let sent: number;
    try {
      sent = this.#link.next(this.#streamId, this.#thrown, undefined, true, this.#thrownFlags);
    } catch (error) {
      if ((this.#thrownFlags & CallFlag.DESCRIBED) === 0) {
        this.#thrown = describeThrown(this.#thrown);
        this.#thrownFlags |= CallFlag.DESCRIBED;
        this.#sendThrown();
        return;
      }
      this.#link.peer.error(this.#streamId, ErrorCode.APPLICATION_ERROR, String(error));
      sent = SENT;
    }
    if (sent === BACK_PRESSURED) return;
    this.#hasThrown = false;
    this.#thrown = undefined;
    this.onFinished();
  }

  #finish(): void {
    this.#link.peer.complete(this.#streamId);
    this.onFinished();
  }
}

function ignore(): void {}
