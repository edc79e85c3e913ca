/** Random runs of every operation against a queue that is obviously right. */
import fc from 'fast-check';
import { OneToOneRingBuffer } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { type Message, newMemory, pattern } from './ringSupport.ts';

type Operation =
  | { readonly name: 'claim' | 'write'; readonly length: number }
  | { readonly name: 'commit' | 'abort' | 'flush' | 'reopen' }
  | { readonly name: 'read'; readonly limit: number };

/** What the ring should be: plain arrays, and free space by arithmetic on unbounded positions. */
class ModelRing {
  readonly #capacity: number;
  readonly #published: { message: Message; end: number }[] = [];
  readonly #batch: { message: Message; end: number }[] = [];
  #tail: number;
  #publishedTail: number;
  #head: number;

  constructor(capacity: number, position: number) {
    this.#capacity = capacity;
    this.#tail = position;
    this.#publishedTail = position;
    this.#head = position;
  }

  /** Where a record of this message length would end, or undefined if there is no room. */
  endOf(length: number): number | undefined {
    const aligned = Math.ceil((8 + length) / 8) * 8;
    const toEnd = this.#capacity - (this.#tail % this.#capacity);
    const end = this.#tail + aligned + (aligned > toEnd ? toEnd : 0);
    return end - this.#head > this.#capacity ? undefined : end;
  }

  commit(message: Message, end: number): void {
    this.#batch.push({ message, end });
    this.#tail = end;
    if (this.#tail - this.#publishedTail >= this.#capacity / 8) this.flush();
  }

  flush(): void {
    this.#published.push(...this.#batch.splice(0));
    this.#publishedTail = this.#tail;
  }

  read(limit: number): Message[] {
    const read = this.#published.splice(0, limit);
    this.#head = read.at(-1)?.end ?? this.#head;
    return read.map((entry) => entry.message);
  }

  get size(): number {
    return this.#publishedTail - this.#head;
  }
}

const capacities = fc.constantFrom(64, 128, 256, 1024);
const positions = fc.constantFrom(0, 8, 0x7fffff00, 0xffffff00, 0xfffffff8);
const lengths = fc.oneof(fc.nat(16), fc.nat(128));
const operations: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constant('claim' as const), length: lengths }) },
  { weight: 6, arbitrary: fc.record({ name: fc.constant('write' as const), length: lengths }) },
  { weight: 5, arbitrary: fc.record({ name: fc.constantFrom('commit' as const, 'commit', 'abort', 'flush') }) },
  { weight: 4, arbitrary: fc.record({ name: fc.constant('read' as const), limit: fc.integer({ min: 0, max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant('reopen' as const) }) },
);

const test = suite('OneToOneRingBuffer against a model');

test('behaves as a bounded queue whatever is done to it', () => {
  fc.assert(fc.property(capacities, positions, fc.array(operations, { maxLength: 300, size: 'max' }), run), {
    numRuns: 400,
  });
});

function run(capacity: number, initialPosition: number, script: readonly Operation[]): void {
  const memory = newMemory(capacity);
  const producer = new OneToOneRingBuffer(memory, { initialPosition });
  let consumer = new OneToOneRingBuffer(memory, { initialPosition });
  const model = new ModelRing(capacity, initialPosition);
  let claim: { index: number; message: Message; end: number } | undefined;
  let seed = 0;

  for (const operation of script) {
    if (operation.name === 'claim' || operation.name === 'write') {
      if (claim !== undefined) continue;
      const length = Math.min(operation.length, producer.maxMsgLength);
      const bytes = pattern(++seed, length);
      const message = { msgTypeId: seed, bytes: [...bytes] };
      const end = model.endOf(length);
      if (operation.name === 'write') {
        assert.is(producer.write(seed, bytes, 0, length), end !== undefined);
        if (end !== undefined) model.commit(message, end);
      } else {
        const index = producer.tryClaim(seed, length);
        assert.is(index >= 0, end !== undefined);
        if (end === undefined) continue;
        producer.buffer.bytes.set(bytes, index);
        claim = { index, message, end };
      }
    } else if (operation.name === 'commit' || operation.name === 'abort') {
      if (claim === undefined) continue;
      if (operation.name === 'commit') {
        producer.commit(claim.index);
        model.commit(claim.message, claim.end);
      } else {
        producer.abort(claim.index);
      }
      claim = undefined;
    } else if (operation.name === 'flush') {
      producer.flush();
      model.flush();
    } else if (operation.name === 'read') {
      const messages: Message[] = [];
      consumer.read((msgTypeId, buffer, index, length) => {
        messages.push({ msgTypeId, bytes: [...buffer.copyOf(index, length)] });
      }, operation.limit);
      assert.equal(messages, model.read(operation.limit));
    } else {
      consumer = new OneToOneRingBuffer(memory);
    }
    assert.is(consumer.size(), model.size);
  }
}

test.run();
