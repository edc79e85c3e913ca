import type { DirectBuffer } from 'flysocket/flyweight';
import { connectWorker, DrainLoop, type WorkerPeer } from 'flysocket/shm-transport';
import type { FrameHandler } from 'flysocket/transport';
import { firstByteOf, lastByteOf } from './messages.ts';
import { PARK_AT_ONCE } from './parkAtOnce.ts';
import { RoundTripContender } from './RoundTripContender.ts';

/**
 * There by a link and back, both threads asleep in their event loops between two messages: bytes over the link alone,
 * without the peer that comes with it. The main thread's loop stays one that parks at once, so this runs last.
 */
export class LinkRoundTrip extends RoundTripContender implements FrameHandler {
  readonly isAsync = true;
  readonly #length: number;
  #peer: WorkerPeer | undefined;
  #isTimed = true;
  #sequence = 0;
  #count = 0;
  #sentAt = 0;
  #done: () => void = () => {};
  #fail: (error: unknown) => void = () => {};

  constructor(name: string, length: number, batch: number) {
    super(name, batch, new URL('./linkEcho.worker.js', import.meta.url), {});
    this.#length = length;
  }

  override async open(): Promise<void> {
    await super.open();
    this.#peer = await connectWorker(this.thread.worker);
    this.#peer.link.receive(this);
    DrainLoop.ofThisThread().configure(PARK_AT_ONCE);
  }

  protected override knock(): void {
    this.thread.worker.postMessage(null);
  }

  protected override roundTrip(count: number, isTimed: boolean): Promise<undefined> {
    this.#isTimed = isTimed;
    this.#sequence = 0;
    this.#count = count;
    return new Promise((resolve, reject) => {
      this.#done = () => resolve(undefined);
      this.#fail = reject;
      this.#send();
    });
  }

  #send(): void {
    const { link } = this.#peer as WorkerPeer;
    const length = this.#length;
    if (this.#isTimed) this.#sentAt = performance.now();
    const index = link.tryClaim(length, 0);
    if (index < 0) throw new Error(`${this.name}: no room: ${index}`);
    link.buffer.putUint8(index, firstByteOf(this.#sequence));
    link.buffer.putUint8(index + length - 1, lastByteOf(this.#sequence));
    link.commit(index);
    link.flush();
  }

  onFrame(buffer: DirectBuffer, offset: number, length: number): void {
    try {
      this.checkAnswer(this.#sequence, buffer.getUint8(offset), buffer.getUint8(offset + length - 1));
      if (this.#isTimed) this.roundTrips.record(performance.now() - this.#sentAt);
      this.#sequence++;
      if (this.#sequence === this.#count) this.#done();
      else this.#send();
    } catch (error) {
      this.#fail(error);
    }
  }

  onWritable(): void {}

  onClosed(error: Error | undefined): void {
    this.#fail(error ?? new Error('the link was closed'));
  }

  override async close(): Promise<void> {
    this.#peer?.link.close();
    this.#peer = undefined;
    await super.close();
  }
}
