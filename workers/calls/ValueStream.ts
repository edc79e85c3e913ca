/**
 * The inbound half of a stream of values as an AsyncIterable: items wait here for their reader, at most as many as were
 * asked for ahead. More are asked for when half of those have been read.
 */

/** Where the items come from. */
interface ValueStreamSource {
  /** The first item is wanted. */
  begin(): void;
  /** `n` more items may come. */
  request(n: number): void;
  /** The reader has left, and nothing more is wanted. */
  leave(): void;
}

interface Reader<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Items of a stream or channel, in their order. It can be iterated once; leaving the loop gives the stream up. */
export class ValueStream<T> implements AsyncIterableIterator<T, undefined> {
  readonly #source: ValueStreamSource;
  readonly #prefetch: number;
  readonly #readers: Reader<T>[] = [];
  #items: (T | undefined)[] = [];
  #first = 0;
  #readSinceGrant = 0;
  #hasBegun = false;
  #ended = false;
  #failed = false;
  #error: unknown;

  /** @param prefetch items asked for ahead of the reader, from 1 on */
  constructor(source: ValueStreamSource, prefetch: number) {
    this.#source = source;
    this.#prefetch = prefetch;
  }

  /** Nothing more is put in: it completed, failed, or its reader left. */
  get isEnded(): boolean {
    return this.#ended;
  }

  push(item: T): void {
    if (this.#ended) return;
    const reader = this.#readers.shift();
    if (reader === undefined) {
      this.#items.push(item);
      return;
    }
    this.#wasRead(1);
    reader.resolve({ done: false, value: item });
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const reader of this.#readers.splice(0)) reader.resolve(DONE);
  }

  /** What was put in before can still be read. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const [reader, ...others] = this.#readers.splice(0);
    if (reader !== undefined) reader.reject(error);
    else this.#failWith(error);
    for (const other of others) other.resolve(DONE);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (!this.#hasBegun) this.#begin();
    if (this.#first < this.#items.length) return Promise.resolve({ done: false, value: this.#dequeue() });
    if (this.#ended) return this.#atEnd(DONE);
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
    });
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#hasBegun = true;
    this.#items = [];
    this.#first = 0;
    this.#failed = false;
    if (!this.#ended) {
      this.end();
      this.#source.leave();
    }
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * The same items in arrays: each has all that wait, one or more. For small items that saves most of what the loop
   * costs. It is another way to iterate, not a second time.
   */
  async *batches(): AsyncGenerator<T[], undefined, undefined> {
    try {
      for (;;) {
        const first = await this.next();
        if (first.done === true) return;
        const batch = [first.value, ...(this.#items.slice(this.#first) as T[])];
        this.#items = [];
        this.#first = 0;
        if (batch.length > 1) this.#wasRead(batch.length - 1);
        yield batch;
      }
    } finally {
      await this.return();
    }
  }

  #begin(): void {
    this.#hasBegun = true;
    if (this.#ended) return;
    try {
      this.#source.begin();
    } catch (error) {
      this.fail(error);
    }
  }

  #failWith(error: unknown): void {
    this.#failed = true;
    this.#error = error;
  }

  #atEnd(end: IteratorResult<T, undefined>): Promise<IteratorResult<T, undefined>> {
    if (!this.#failed) return Promise.resolve(end);
    this.#failed = false;
    return Promise.reject(this.#error);
  }

  #dequeue(): T {
    const item = this.#items[this.#first] as T;
    this.#items[this.#first++] = undefined;
    if (this.#first === this.#items.length) {
      this.#items.length = 0;
      this.#first = 0;
    } else if (this.#first > this.#prefetch) {
      this.#items.splice(0, this.#first);
      this.#first = 0;
    }
    this.#wasRead(1);
    return item;
  }

  #wasRead(count: number): void {
    this.#readSinceGrant += count;
    if (this.#readSinceGrant * 2 < this.#prefetch || this.#ended) return;
    const n = this.#readSinceGrant;
    this.#readSinceGrant = 0;
    this.#source.request(n);
  }
}
