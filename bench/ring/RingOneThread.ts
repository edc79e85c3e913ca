import type { DirectBuffer } from 'flysocket/flyweight';
import type { MessageHandler, OneToOneRingBuffer } from 'flysocket/shm-transport';
import type { Contender } from '../harness/Contender.ts';
import { addToChecksum, checksumOf, firstByteOf, lastByteOf, MSG_TYPE_ID } from './messages.ts';
import { consumerEnd, producerEnd, type RingLibrary } from './ringLibraries.ts';

const CAPACITY = 1 << 16;
/** What a producer sends before the consumer gets its turn. */
const MESSAGES_PER_TURN = 64;
const VERIFIED_MESSAGES = 1_000;

/**
 * Both ends of a ring in one thread, by turns. No other core has a part in it, so that differences of a per cent show:
 * all the work of both ends, and none of the waiting between them.
 */
export class RingOneThread implements Contender {
  readonly isAsync = false;
  readonly name: string;
  readonly batch = 50_000;
  readonly #source: DirectBuffer;
  readonly #producer: OneToOneRingBuffer;
  readonly #consumer: OneToOneRingBuffer;
  readonly #onMessage: MessageHandler;
  readonly #batchChecksum: number = checksumOf(this.batch);
  #checksum = 0;

  constructor(name: string, length: number, library: RingLibrary) {
    const memory = new SharedArrayBuffer(library.shmTransport.OneToOneRingBuffer.lengthFor(CAPACITY));
    this.name = name;
    this.#source = new library.flyweight.DirectBuffer(new ArrayBuffer(length));
    this.#producer = producerEnd(library, memory);
    this.#consumer = consumerEnd(library, memory);
    this.#onMessage = (_msgTypeId, buffer, index, bytes) => {
      this.#checksum = addToChecksum(this.#checksum, buffer.getUint8(index), buffer.getUint8(index + bytes - 1));
    };
  }

  verify(): void {
    this.run(VERIFIED_MESSAGES);
  }

  run(count: number): undefined {
    const source = this.#source;
    const producer = this.#producer;
    const consumer = this.#consumer;
    const onMessage = this.#onMessage;
    const length = source.capacity;
    this.#checksum = 0;
    for (let sequence = 0; sequence < count; ) {
      const end = Math.min(count, sequence + MESSAGES_PER_TURN);
      for (; sequence < end; sequence++) {
        source.putUint8(0, firstByteOf(sequence));
        source.putUint8(length - 1, lastByteOf(sequence));
        producer.write(MSG_TYPE_ID, source, 0, length);
      }
      producer.flush();
      consumer.read(onMessage);
    }
    const expected = count === this.batch ? this.#batchChecksum : checksumOf(count);
    if (this.#checksum !== expected) throw new Error(`${this.name}: checksum ${this.#checksum}, expected ${expected}`);
  }
}
