import { connectWorker, type WorkerPeer } from 'flysocket/shm-transport';
import type { Level } from './linkResponder.worker.ts';
import { ThreadRequests } from './ThreadRequests.ts';

/** Ours, over a link. */
export abstract class LinkRequests extends ThreadRequests {
  #peer: WorkerPeer | undefined;

  /** @param level on which the other thread answers */
  constructor(name: string, inFlight: number, batch: number, level: Level) {
    super(name, inFlight, batch, new URL('./linkResponder.worker.js', import.meta.url), { level });
  }

  protected get peer(): WorkerPeer {
    if (this.#peer === undefined) throw new Error(`${this.name} is not open`);
    return this.#peer;
  }

  override async open(): Promise<void> {
    await super.open();
    this.#peer = await connectWorker(this.thread.worker);
  }

  override async close(): Promise<void> {
    await this.#peer?.close();
    this.#peer = undefined;
    await super.close();
  }
}
