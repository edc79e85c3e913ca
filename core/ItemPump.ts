/**
 * The outbound half of a stream from an iterable: pulls the next item when the last one has left, so back pressure
 * reaches whoever produces the items. It is one item ahead of what the peer has granted: only so it can tell that there
 * is none, as peers expect that ask for just as many as there are. One promise per item of an AsyncIterable, none for
 * an Iterable.
 */
import { ErrorCode, RSocketError } from '../flyweight/index.ts';
import { BACK_PRESSURED } from '../transport/index.ts';
import { MAX_REQUEST_N } from './Demand.ts';
import { isPromise } from './isPromise.ts';
import { ITEMS_PER_TURN } from './limits.ts';
import { SENT } from './Outbound.ts';
import type { PayloadLike } from './Payload.ts';
import type { PayloadStaging } from './PayloadStaging.ts';
import { NO_DEMAND, type ZeroCopyRSocket } from './ZeroCopyRSocket.ts';

type Items = Iterator<PayloadLike> | AsyncIterator<PayloadLike>;

/** The iterator of what a caller handed in as items. @throws RSocketError ERR_FLYSOCKET_NOT_ITERABLE */
export function itemsOf(payloads: AsyncIterable<PayloadLike> | Iterable<PayloadLike>): Items {
  if (typeof payloads === 'object' && payloads !== null) {
    if (Symbol.asyncIterator in payloads) return payloads[Symbol.asyncIterator]();
    if (Symbol.iterator in payloads) return payloads[Symbol.iterator]();
  }
  throw new RSocketError('ERR_FLYSOCKET_NOT_ITERABLE', 'a stream of payloads is an Iterable or AsyncIterable');
}

export class ItemPump {
  readonly #rsocket: ZeroCopyRSocket;
  readonly #staging: PayloadStaging;
  readonly #items: Items;
  readonly #onResult: (result: IteratorResult<PayloadLike>) => void;
  readonly #onFailure: (error: unknown) => void;
  /** Told when the items, or sending one, failed; the peer has then been told. */
  onFailed: (error: unknown) => void = ignore;
  /** Told once when the producer has finished, be it that it was stopped. */
  onFinished: () => void = ignore;
  #streamId = 0;
  /** Items that the peer takes and that have not been sent. */
  #demand = 0;
  /** An item that was pulled and found no room, or no demand yet. */
  #held: PayloadLike | undefined;
  #sentThisTurn = 0;
  #pulling = false;
  #ended = false;
  /** It was stopped amid a pull, and the producer cannot be told: it has finished when that is over. */
  #finishesWithPull = false;

  constructor(rsocket: ZeroCopyRSocket, staging: PayloadStaging, items: Items) {
    this.#rsocket = rsocket;
    this.#staging = staging;
    this.#items = items;
    this.#onResult = (result) => {
      this.#pulling = false;
      if (this.#finishesWithPull) this.onFinished();
      else if (this.#take(result)) this.#pump();
    };
    this.#onFailure = (error) => {
      this.#pulling = false;
      if (this.#finishesWithPull) this.onFinished();
      else this.#fail(error);
    };
  }

  /** Items may flow on that stream; `demand` of them for now. */
  start(streamId: number, demand: number): void {
    this.#streamId = streamId;
    this.onRequestN(demand);
  }

  onRequestN(n: number): void {
    this.#sentThisTurn = 0;
    this.#demand = n === MAX_REQUEST_N ? Number.POSITIVE_INFINITY : this.#demand + n;
    this.#pump();
  }

  onWritable(): void {
    this.#sentThisTurn = 0;
    this.#pump();
  }

  /** The peer wants no more, or the connection has ended: tells the producer. */
  stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#held = undefined;
    try {
      if (this.#pulling && this.#items.return === undefined) {
        this.#finishesWithPull = true;
        return;
      }
      const returned = this.#items.return?.();
      if (returned !== undefined && isPromise(returned)) {
        returned.then(this.onFinished, this.onFinished);
        return;
      }
    } catch {
      // The producer's failure to clean up concerns nobody any more.
    }
    this.onFinished();
  }

  #pump(): void {
    while (!this.#pulling && !this.#ended && (this.#demand > 0 || this.#held === undefined)) {
      if (this.#sentThisTurn === ITEMS_PER_TURN) {
        this.#rsocket.pause(this.#streamId);
        return;
      }
      const held = this.#held;
      if (held !== undefined) {
        this.#held = undefined;
        if (!this.#send(held)) return;
        continue;
      }
      if (!this.#pull()) return;
    }
  }

  /** @returns true if an item was sent at once */
  #pull(): boolean {
    let result: IteratorResult<PayloadLike> | Promise<IteratorResult<PayloadLike>>;
    try {
      result = this.#items.next();
      if ('then' in result) {
        this.#pulling = true;
        result.then(this.#onResult, this.#onFailure);
        return false;
      }
    } catch (error) {
      this.#fail(error);
      return false;
    }
    return this.#take(result);
  }

  #take(result: IteratorResult<PayloadLike>): boolean {
    if (this.#ended) return false;
    if (result.done !== true) {
      if (this.#demand > 0) return this.#send(result.value);
      this.#held = result.value;
      return false;
    }
    this.#ended = true;
    this.#rsocket.complete(this.#streamId);
    this.onFinished();
    return false;
  }

  /** @returns true if it left */
  #send(item: PayloadLike): boolean {
    let sent: number;
    try {
      sent = this.#rsocket.next(this.#streamId, this.#staging.stage(item), false);
    } catch (error) {
      this.#fail(error);
      return false;
    }
    if (sent === SENT) {
      this.#demand--;
      this.#sentThisTurn++;
      return true;
    }
    if (sent === BACK_PRESSURED || sent === NO_DEMAND) this.#held = item;
    else this.stop();
    return false;
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    this.stop();
    const { errorCode, message } = describe(error);
    this.#rsocket.error(this.#streamId, errorCode, message);
    this.onFailed(error);
  }
}

/** How an error that user code threw goes over the wire. */
export function describe(error: unknown): { errorCode: number; message: string } {
  const errorCode = error instanceof RSocketError ? error.errorCode : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return { errorCode: errorCode ?? ErrorCode.APPLICATION_ERROR, message };
}

function ignore(): void {}
