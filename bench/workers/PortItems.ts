import type { Contender } from '../harness/Contender.ts';
import { BenchThread } from '../harness/threads/BenchThread.ts';
import { checkItem } from './checkItem.ts';

const VERIFIED_ITEMS = 1_000;
/** Items that may be under way; half of them are acknowledged at a time. */
export const PORT_WINDOW = 256;

/** What the worker is asked for, and what it is told while it sends: so many more. */
export interface PortOrder {
  readonly items?: number;
  readonly more: number;
}

/** The same by a worker's `postMessage`, with credits made by hand: an acknowledgement for each half of a window. */
export class PortItems implements Contender {
  readonly isAsync = true;
  readonly name: string;
  readonly batch: number;
  #thread: BenchThread | undefined;
  #onItem: (item: Uint8Array) => void = () => {};

  constructor(name: string, batch: number) {
    this.name = name;
    this.batch = batch;
  }

  async open(): Promise<void> {
    this.#thread = await BenchThread.start(new URL('./portItems.worker.js', import.meta.url));
    this.#thread.worker.on('message', (item: Uint8Array) => this.#onItem(item));
  }

  async verify(): Promise<void> {
    await this.run(VERIFIED_ITEMS);
  }

  run(count: number): Promise<undefined> {
    const { worker } = this.#thread as BenchThread;
    return new Promise((resolve, reject) => {
      let index = 0;
      this.#onItem = (item) => {
        try {
          checkItem(this.name, item, index++);
        } catch (error) {
          reject(error);
          return;
        }
        if (index === count) resolve(undefined);
        else if (index % (PORT_WINDOW / 2) === 0) worker.postMessage({ more: PORT_WINDOW / 2 } satisfies PortOrder);
      };
      worker.postMessage({ items: count, more: PORT_WINDOW } satisfies PortOrder);
    });
  }

  async close(): Promise<void> {
    await this.#thread?.stop();
  }
}
