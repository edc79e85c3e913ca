import type { Payload } from '../core/index.ts';

type Result = IteratorResult<Payload, undefined>;

interface Reader {
  readonly resolve: (result: Result | Promise<Result>) => void;
  readonly reject: (error: unknown) => void;
}

/** Waits for a connection and then gives the stream that was begun there. @returns gives the wait up */
type BeginStream = (
  onBegun: (stream: AsyncIterable<Payload, undefined>) => void,
  onFailed: (error: unknown) => void,
) => () => void;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** A stream whose connection may have to be waited for, from its first read on. It can be iterated once. */
export class LateStream implements AsyncIterableIterator<Payload, undefined> {
  #begin: BeginStream | undefined;
  #iterator: AsyncIterator<Payload, undefined> | undefined;
  #readers: Reader[] = [];
  #abandon: () => void = ignore;
  #hasEnded = false;

  constructor(begin: BeginStream) {
    this.#begin = begin;
  }

  next(): Promise<Result> {
    if (this.#iterator !== undefined) return this.#iterator.next();
    if (this.#hasEnded) return Promise.resolve(DONE);
    const result = new Promise<Result>((resolve, reject) => this.#readers.push({ resolve, reject }));
    const begin = this.#begin;
    this.#begin = undefined;
    if (begin !== undefined) {
      this.#abandon = begin(
        (stream) => this.#onBegun(stream),
        (error) => this.#onFailed(error),
      );
    }
    return result;
  }

  return(): Promise<Result> {
    if (this.#iterator !== undefined) return this.#iterator.return?.() ?? Promise.resolve(DONE);
    this.#hasEnded = true;
    this.#begin = undefined;
    this.#abandon();
    for (const reader of this.#readers.splice(0)) reader.resolve(DONE);
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #onBegun(stream: AsyncIterable<Payload, undefined>): void {
    const iterator = stream[Symbol.asyncIterator]();
    this.#iterator = iterator;
    // Within this call, so that the request leaves in its turn.
    for (const reader of this.#readers.splice(0)) reader.resolve(iterator.next());
  }

  #onFailed(error: unknown): void {
    this.#hasEnded = true;
    const [first, ...others] = this.#readers.splice(0);
    first?.reject(error);
    for (const reader of others) reader.resolve(DONE);
  }
}

function ignore(): void {}
