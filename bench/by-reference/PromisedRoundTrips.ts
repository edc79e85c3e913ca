import { connectWorker, type WorkerPeer } from 'flysocket/shm-transport';
import { BenchThread } from '../harness/threads/BenchThread.ts';
import { LargeRoundTrips, LENGTH } from './LargeRoundTrips.ts';

/** With promises: copied into shared memory by the sender, and out of it for who keeps it. */
export class PromisedRoundTrips extends LargeRoundTrips {
  readonly #byReference: boolean;
  readonly #bytes: Uint8Array = new Uint8Array(LENGTH);
  #thread: BenchThread | undefined;
  #peer: WorkerPeer | undefined;

  /** @param byReference false: in fragments through the rings */
  constructor(name: string, batch: number, byReference: boolean) {
    super(name, batch);
    this.#byReference = byReference;
  }

  override async open(): Promise<void> {
    this.#thread = await BenchThread.start(new URL('./largeEcho.worker.js', import.meta.url), { level: 'high' });
    this.#peer = await connectWorker(this.#thread.worker, { byReference: this.#byReference });
  }

  override async run(count: number): Promise<undefined> {
    const peer = this.#peer as WorkerPeer;
    for (let i = 0; i < count; i++) {
      this.stamp(this.#bytes, 0);
      const { data } = await peer.requestResponse(this.#bytes);
      this.check(data, 0, data.length);
    }
  }

  override async close(): Promise<void> {
    await this.#peer?.close();
    await this.#thread?.stop();
  }
}
