import type { DirectBuffer } from 'flysocket/flyweight';
import type { OneToOneRingBuffer } from 'flysocket/shm-transport';
import { SpinLimit } from '../harness/threads/SpinLimit.ts';
import { firstByteOf, lastByteOf, MSG_TYPE_ID } from './messages.ts';
import { OneWayContender } from './OneWayContender.ts';
import { producerEnd, type RingLibrary } from './ringLibraries.ts';

const CAPACITY = 1 << 20;

/** Our ring: messages are copied in and read in place. */
export class RingOneWay extends OneWayContender {
  readonly #source: DirectBuffer;
  readonly #ring: OneToOneRingBuffer;
  readonly #limit: SpinLimit = new SpinLimit();

  constructor(name: string, length: number, batch: number, library: RingLibrary) {
    const memory = new SharedArrayBuffer(library.shmTransport.OneToOneRingBuffer.lengthFor(CAPACITY));
    super(name, batch, new URL('./ringConsumer.worker.js', import.meta.url), {
      memory,
      base: library.base,
    });
    this.#source = new library.flyweight.DirectBuffer(new ArrayBuffer(length));
    this.#ring = producerEnd(library, memory);
  }

  protected override send(count: number): void {
    const ring = this.#ring;
    const source = this.#source;
    const limit = this.#limit;
    const length = source.capacity;
    for (let sequence = 0; sequence < count; sequence++) {
      source.putUint8(0, firstByteOf(sequence));
      source.putUint8(length - 1, lastByteOf(sequence));
      while (!ring.write(MSG_TYPE_ID, source, 0, length)) {
        ring.flush();
        limit.spin();
      }
      limit.reset();
    }
    ring.flush();
  }
}
