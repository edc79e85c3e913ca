import { fileURLToPath } from 'node:url';
import { WorkerPool } from 'flysocket/workers';
import type { Contender } from '../harness/Contender.ts';
import { checkItem } from './checkItem.ts';

const VERIFIED_ITEMS = 1_000;

/** A stream of a worker's generator, read item by item or in the arrays in which they come. */
export class PoolItems implements Contender {
  readonly isAsync = true;
  readonly name: string;
  readonly batch: number;
  readonly #inArrays: boolean;
  #pool: WorkerPool<number, Uint8Array> | undefined;

  constructor(name: string, batch: number, inArrays: boolean) {
    this.name = name;
    this.batch = batch;
    this.#inArrays = inArrays;
  }

  async open(): Promise<void> {
    const filename = fileURLToPath(new URL('./poolTask.js', import.meta.url));
    this.#pool = new WorkerPool({ filename, minThreads: 1, maxThreads: 1 });
  }

  async verify(): Promise<void> {
    await this.run(VERIFIED_ITEMS);
  }

  async run(count: number): Promise<undefined> {
    const stream = (this.#pool as WorkerPool<number, Uint8Array>).requestStream(count, { name: 'items' });
    let index = 0;
    if (this.#inArrays) {
      for await (const items of stream.batches()) for (const item of items) checkItem(this.name, item, index++);
    } else {
      for await (const item of stream) checkItem(this.name, item, index++);
    }
    if (index !== count) throw new Error(`${this.name}: ${index} items of ${count}`);
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}
