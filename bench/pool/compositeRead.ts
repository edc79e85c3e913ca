import { BufferPool, CompositeBuffer, type PooledBuffer } from 'flysocket/pool';
import type { Contender, Group } from '../harness/Contender.ts';

const FRAGMENTS = 8;
const FRAGMENT_LENGTH = 1024;
/** Fields of 4 bytes read in one operation; every fourth lies across two fragments. */
const READS = 31;
const STRIDE = FRAGMENT_LENGTH / 4;
const FIRST_INDEX = STRIDE - 2;
const BATCH = 2_000;
const VERIFIED_OPERATIONS = 1_000;

/** The byte at `index` of the whole. */
function byteAt(index: number): number {
  return (index * 31 + (index >> 8)) & 0x7f;
}

function sumOfFields(): number {
  let sum = 0;
  for (let read = 0, index = FIRST_INDEX; read < READS; read++, index += STRIDE) {
    const upper = (byteAt(index) << 24) | (byteAt(index + 1) << 16);
    sum = (sum + (upper | (byteAt(index + 2) << 8) | byteAt(index + 3))) | 0;
  }
  return sum;
}

/** Puts a payload together from its fragments and reads fields of it. */
abstract class JoinContender implements Contender {
  abstract readonly name: string;
  readonly isAsync = false;
  readonly batch = BATCH;
  readonly #expected: number = sumOfFields();

  /** @returns the sum of the fields, as int32 */
  protected abstract joinAndRead(): number;

  verify(): void {
    this.run(VERIFIED_OPERATIONS);
  }

  run(count: number): undefined {
    const expected = this.#expected;
    for (let operation = 0; operation < count; operation++) {
      const sum = this.joinAndRead();
      if (sum !== expected) throw new Error(`${this.name}: sum ${sum}, expected ${expected}`);
    }
  }
}

/** Ours: the fragments are held, not copied. */
class Composite extends JoinContender {
  readonly name = 'flysocket';
  readonly #pool: BufferPool = new BufferPool();
  readonly #composite: CompositeBuffer = new CompositeBuffer(this.#pool);
  readonly #fragments: PooledBuffer[] = Array.from({ length: FRAGMENTS }, (_, fragment) => {
    const pooled = this.#pool.acquire(FRAGMENT_LENGTH);
    for (let at = 0; at < FRAGMENT_LENGTH; at++) {
      pooled.buffer.putUint8(pooled.offset + at, byteAt(fragment * FRAGMENT_LENGTH + at));
    }
    return pooled;
  });

  protected override joinAndRead(): number {
    const composite = this.#composite;
    const fragments = this.#fragments;
    for (let at = 0; at < FRAGMENTS; at++) {
      composite.addComponent((fragments[at] as PooledBuffer).retain(), 0, FRAGMENT_LENGTH);
    }
    let sum = 0;
    for (let read = 0, index = FIRST_INDEX; read < READS; read++, index += STRIDE) {
      sum = (sum + composite.getInt32(index)) | 0;
    }
    composite.reset();
    return sum;
  }

  close(): void {
    for (const pooled of this.#fragments) pooled.release();
    this.#pool.assertQuiescent();
  }
}

/** What one does without: all is copied into a new Buffer. */
class Concat extends JoinContender {
  readonly name = 'Buffer.concat';
  readonly #fragments: Buffer[] = Array.from({ length: FRAGMENTS }, (_, fragment) =>
    Buffer.from(Uint8Array.from({ length: FRAGMENT_LENGTH }, (__, at) => byteAt(fragment * FRAGMENT_LENGTH + at))),
  );

  protected override joinAndRead(): number {
    const whole = Buffer.concat(this.#fragments);
    let sum = 0;
    for (let read = 0, index = FIRST_INDEX; read < READS; read++, index += STRIDE) {
      sum = (sum + whole.readInt32BE(index)) | 0;
    }
    return sum;
  }
}

export const compositeReadGroup: Group = {
  name: 'pool/composite of 8 x 1 KiB, 31 fields read',
  unit: 'operations/s',
  ratios: [],
  allocationFree: ['flysocket'],
  contenders: () => [new Composite(), new Concat()],
};
