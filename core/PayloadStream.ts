/**
 * The inbound half of a stream as an AsyncIterable: items are copied out as they arrive and wait here for their reader,
 * at most `prefetch` of them, since no more is granted. Credit is renewed when half of it has been read.
 */
import type { PayloadFlyweight } from '../flyweight/index.ts';
import type { SliceAllocator } from '../pool/index.ts';
import { checkRequestN } from './Demand.ts';
import { Payload } from './Payload.ts';
import type { ZeroCopyRSocket } from './ZeroCopyRSocket.ts';

interface Reader {
  readonly resolve: (result: IteratorResult<Payload, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

export class PayloadStream implements AsyncIterableIterator<Payload, undefined> {
  streamId = 0;
  readonly prefetch: number;
  readonly #rsocket: ZeroCopyRSocket;
  readonly #allocator: SliceAllocator;
  /** Called when an item or the end settles a reader's promise. */
  readonly #onSettled: () => void;
  /** Called at the first read, if the stream has not begun by then. */
  #begin: (() => void) | undefined;
  readonly #items: (Payload | undefined)[];
  #first = 0;
  #count = 0;
  #readSinceGrant = 0;
  #readers: Reader[] = [];
  #ended = false;
  #complete = false;
  #error: unknown;
  #cleanUps: (() => void)[] = [];

  constructor(
    rsocket: ZeroCopyRSocket,
    allocator: SliceAllocator,
    prefetch: number,
    onSettled: () => void,
    begin?: () => void,
  ) {
    checkRequestN(prefetch);
    this.#rsocket = rsocket;
    this.#allocator = allocator;
    this.prefetch = prefetch;
    this.#onSettled = onSettled;
    this.#begin = begin;
    this.#items = [];
  }

  /** Nothing more is put in: it completed, failed, or its reader left. */
  get isEnded(): boolean {
    return this.#ended;
  }

  /** The peer sent all that it had. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** `cleanUp` runs once, when the stream has ended for whatever reason. */
  onEnd(cleanUp: () => void): void {
    this.#cleanUps.push(cleanUp);
  }

  /** The request has been sent. */
  begun(streamId: number): void {
    this.streamId = streamId;
    if (this.#ended) this.#rsocket.cancel(streamId);
  }

  push(view: PayloadFlyweight): void {
    if (this.#ended) return;
    const payload = Payload.copyOf(view, this.#allocator);
    const reader = this.#readers.shift();
    if (reader === undefined) {
      this.#enqueue(payload);
      return;
    }
    this.#wasRead();
    reader.resolve({ done: false, value: payload });
    this.#onSettled();
  }

  /** The peer has completed. */
  end(): void {
    if (this.#ended) return;
    this.#complete = true;
    this.#finish();
  }

  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const [reader, ...others] = this.#readers;
    if (reader === undefined) this.#error = error;
    else reader.reject(error);
    for (const other of others) other.resolve(DONE);
    this.#settleAll();
  }

  /** Fails for a reason of this side's own, of which the peer is told. */
  cancel(reason: unknown): void {
    if (this.#ended) return;
    this.fail(reason);
    if (this.streamId !== 0) this.#rsocket.cancel(this.streamId);
  }

  next(): Promise<IteratorResult<Payload, undefined>> {
    const begin = this.#begin;
    if (begin !== undefined) {
      this.#begin = undefined;
      try {
        begin();
      } catch (error) {
        this.fail(error);
      }
    }
    if (this.#count > 0) {
      const value = this.#dequeue();
      this.#wasRead();
      return Promise.resolve({ done: false, value });
    }
    if (this.#ended) {
      const error = this.#error;
      this.#error = undefined;
      return error === undefined ? Promise.resolve(DONE) : Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
    });
  }

  /** The reader has left: what waits is dropped, and the peer told. */
  return(): Promise<IteratorResult<Payload, undefined>> {
    this.#begin = undefined;
    this.#items.length = 0;
    this.#first = 0;
    this.#count = 0;
    this.#error = undefined;
    if (!this.#ended) {
      if (this.streamId !== 0) this.#rsocket.cancel(this.streamId);
      this.#finish();
    }
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.resolve(DONE);
    this.#settleAll();
  }

  #settleAll(): void {
    this.#readers = [];
    this.#onSettled();
    const cleanUps = this.#cleanUps;
    this.#cleanUps = [];
    for (const cleanUp of cleanUps) cleanUp();
  }

  #wasRead(): void {
    if (++this.#readSinceGrant * 2 < this.prefetch || this.#ended) return;
    const n = this.#readSinceGrant;
    this.#readSinceGrant = 0;
    this.#rsocket.request(this.streamId, n);
  }

  #enqueue(payload: Payload): void {
    this.#items.push(payload);
    this.#count++;
  }

  #dequeue(): Payload {
    const payload = this.#items[this.#first] as Payload;
    this.#items[this.#first++] = undefined;
    this.#count--;
    // Read places go in one piece once they are as many as can ever wait, so each item is moved once at most.
    if (this.#count === 0 || this.#first > this.prefetch) {
      this.#items.splice(0, this.#first);
      this.#first = 0;
    }
    return payload;
  }
}
