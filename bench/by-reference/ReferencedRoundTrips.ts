import type { StreamSubscriber } from 'flysocket/core';
import { PayloadFlyweight, type RSocketError } from 'flysocket/flyweight';
import type { PooledBuffer } from 'flysocket/pool';
import { connectWorker, type WorkerPeer } from 'flysocket/shm-transport';
import { BenchThread } from '../harness/threads/BenchThread.ts';
import { LargeRoundTrips, LENGTH } from './LargeRoundTrips.ts';

/** Payloads until the other side has answered the offer of this one's memory. */
const GREETINGS = 3;

/**
 * On the low level, in shared memory that goes there and comes back: what comes back is kept, and is what goes out
 * next, from within the callback that showed it.
 */
export class ReferencedRoundTrips extends LargeRoundTrips implements StreamSubscriber {
  readonly #payload: PayloadFlyweight = new PayloadFlyweight();
  #thread: BenchThread | undefined;
  #peer: WorkerPeer | undefined;
  #held: PooledBuffer | undefined;
  #left = 0;
  #resolve: (value: undefined) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  override async open(): Promise<void> {
    this.#thread = await BenchThread.start(new URL('./largeEcho.worker.js', import.meta.url), { level: 'low' });
    this.#peer = await connectWorker(this.#thread.worker);
    for (let i = 0; i < GREETINGS; i++) await this.#peer.requestResponse(new Uint8Array(LENGTH));
    this.#held = this.#peer.allocate(LENGTH);
  }

  override run(count: number): Promise<undefined> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#left = count;
      this.#send();
    });
  }

  #send(): void {
    const { buffer, offset, length } = this.#held as PooledBuffer;
    this.stamp(buffer.bytes, offset);
    this.#payload.clear().wrapData(buffer, offset, length);
    const streamId = (this.#peer as WorkerPeer).zeroCopy.requestResponse(this.#payload, this);
    if (streamId <= 0) this.#reject(new Error(`${this.name}: refused: ${streamId}`));
  }

  onNext(payload: PayloadFlyweight): void {
    try {
      this.check(payload.dataBuffer.bytes, payload.dataOffset, payload.dataLength);
      const kept = this.#peer?.zeroCopy.retain(payload);
      if (kept === undefined) throw new Error(`${this.name}: the answer came in fragments`);
      this.#held?.release();
      this.#held = kept;
    } catch (error) {
      this.#reject(error);
      return;
    }
    this.#left--;
    if (this.#left === 0) this.#resolve(undefined);
    else this.#send();
  }

  onError(error: RSocketError): void {
    this.#reject(error);
  }

  onComplete(): void {}
  onRequestN(): void {}
  onWritable(): void {}
  onCancel(): void {}

  override async close(): Promise<void> {
    this.#held?.release();
    await this.#peer?.close();
    await this.#thread?.stop();
  }
}
