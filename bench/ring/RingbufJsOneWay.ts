import { SpinLimit } from '../harness/threads/SpinLimit.ts';
import { firstByteOf, lastByteOf } from './messages.ts';
import { OneWayContender } from './OneWayContender.ts';
import type { RingbufJs, RingbufJsRing } from './ringbufJs.ts';

const CAPACITY = 1 << 20;

/** ringbuf.js: bytes are copied in and copied out; messages all have one length, since it knows none. */
export class RingbufJsOneWay extends OneWayContender {
  readonly #source: Uint8Array;
  readonly #ring: RingbufJsRing;
  readonly #limit: SpinLimit = new SpinLimit();

  constructor(length: number, batch: number, { RingBuffer }: RingbufJs) {
    const memory = RingBuffer.getStorageForCapacity(CAPACITY, Uint8Array);
    super('ringbuf.js', batch, new URL('./ringbufJsConsumer.worker.js', import.meta.url), { memory, length });
    this.#source = new Uint8Array(length);
    this.#ring = new RingBuffer(memory, Uint8Array);
  }

  protected override send(count: number): void {
    const ring = this.#ring;
    const source = this.#source;
    const limit = this.#limit;
    const length = source.length;
    for (let sequence = 0; sequence < count; sequence++) {
      source[0] = firstByteOf(sequence);
      source[length - 1] = lastByteOf(sequence);
      while (ring.availableWrite() < length) limit.spin();
      limit.reset();
      ring.push(source, length);
    }
  }
}
