import type { Sink } from './Implementation.ts';
import { type Item, textOf } from './Item.ts';

/** Keeps what a stream brings. */
export class ReceivedItems implements Sink {
  readonly items: Item[] = [];
  /** Settles with the end: nothing if it completed, else its error. */
  readonly ended: Promise<Error | undefined>;
  /** Called after each item was kept. */
  afterItem: () => void = () => {};
  #settle: (error: Error | undefined) => void = () => {};

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get texts(): string[] {
    return this.items.map(textOf);
  }

  next(item: Item): void {
    this.items.push(item);
    this.afterItem();
  }

  complete(): void {
    this.#settle(undefined);
  }

  fail(error: Error): void {
    this.#settle(error);
  }
}
