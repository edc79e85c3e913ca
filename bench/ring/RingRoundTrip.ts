import { DirectBuffer } from 'flysocket/flyweight';
import { OneToOneRingBuffer } from 'flysocket/shm-transport';
import { SpinLimit } from '../harness/threads/SpinLimit.ts';
import { firstByteOf, lastByteOf, MSG_TYPE_ID } from './messages.ts';
import { RoundTripContender } from './RoundTripContender.ts';

const CAPACITY = 1 << 16;

/** There by one ring and back by another, both threads awake: neither waits but by looking again. */
export class RingRoundTrip extends RoundTripContender {
  readonly isAsync = false;
  readonly #source: DirectBuffer;
  readonly #outbound: OneToOneRingBuffer;
  readonly #inbound: OneToOneRingBuffer;
  readonly #limit: SpinLimit = new SpinLimit();
  readonly #onMessage: (msgTypeId: number, buffer: DirectBuffer, index: number, length: number) => void;
  #first = 0;
  #last = 0;

  constructor(name: string, length: number, batch: number) {
    const outbound = new SharedArrayBuffer(OneToOneRingBuffer.lengthFor(CAPACITY));
    const inbound = new SharedArrayBuffer(OneToOneRingBuffer.lengthFor(CAPACITY));
    super(name, batch, new URL('./ringEcho.worker.js', import.meta.url), { inbound: outbound, outbound: inbound });
    this.#source = new DirectBuffer(new ArrayBuffer(length));
    this.#outbound = new OneToOneRingBuffer(outbound);
    this.#inbound = new OneToOneRingBuffer(inbound);
    this.#onMessage = (_msgTypeId, buffer, index, bytes) => {
      this.#first = buffer.getUint8(index);
      this.#last = buffer.getUint8(index + bytes - 1);
    };
  }

  protected override roundTrip(count: number, isTimed: boolean): undefined {
    const source = this.#source;
    const outbound = this.#outbound;
    const inbound = this.#inbound;
    const limit = this.#limit;
    const onMessage = this.#onMessage;
    const length = source.capacity;
    let before = isTimed ? performance.now() : 0;
    for (let sequence = 0; sequence < count; sequence++) {
      source.putUint8(0, firstByteOf(sequence));
      source.putUint8(length - 1, lastByteOf(sequence));
      outbound.write(MSG_TYPE_ID, source, 0, length);
      outbound.flush();
      while (inbound.read(onMessage) === 0) limit.spin();
      limit.reset();
      this.checkAnswer(sequence, this.#first, this.#last);
      if (!isTimed) continue;
      const after = performance.now();
      this.roundTrips.record(after - before);
      before = after;
    }
  }
}
