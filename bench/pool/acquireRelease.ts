import { BufferPool, type PooledBuffer } from 'flysocket/pool';
import type { Contender, Group } from '../harness/Contender.ts';

const LENGTH = 1024;
/** Buffers that are out at any time. */
const HELD = 16;
const BATCH = 10_000;
const VERIFIED_OPERATIONS = 1_000;

/** Takes a buffer, writes into it, and lets go of the one taken `HELD` operations before, having read that. */
abstract class BufferContender implements Contender {
  abstract readonly name: string;
  readonly isAsync = false;
  readonly batch = BATCH;

  /** @returns the sum of the bytes that were written */
  protected abstract takeAndLetGo(count: number): number;

  verify(): void {
    this.run(VERIFIED_OPERATIONS);
  }

  run(count: number): undefined {
    const sum = this.takeAndLetGo(count);
    const expected = sumOfBytes(count);
    if (sum !== expected) throw new Error(`${this.name}: sum ${sum} of ${count}, expected ${expected}`);
  }
}

function sumOfBytes(count: number): number {
  const cycles = Math.floor(count / 256);
  const rest = count % 256;
  return cycles * 255 * 128 + (rest * (rest - 1)) / 2;
}

class Pool extends BufferContender {
  readonly name = 'flysocket';
  readonly #pool: BufferPool = new BufferPool();
  readonly #held: PooledBuffer[] = Array.from({ length: HELD }, () => this.#pool.acquire(LENGTH));

  protected override takeAndLetGo(count: number): number {
    const pool = this.#pool;
    const held = this.#held;
    let sum = 0;
    for (let operation = 0; operation < count; operation++) {
      const at = operation % HELD;
      (held[at] as PooledBuffer).release();
      const pooled = pool.acquire(LENGTH);
      pooled.buffer.putUint8(pooled.offset, operation);
      sum += pooled.buffer.getUint8(pooled.offset);
      held[at] = pooled;
    }
    return sum;
  }

  close(): void {
    for (const pooled of this.#held) pooled.release();
    this.#pool.assertQuiescent();
  }
}

/** The rivals: memory is taken and left to the garbage collector. */
class Fresh extends BufferContender {
  readonly name: string;
  readonly #make: (length: number) => Uint8Array;
  readonly #held: Uint8Array[];

  constructor(name: string, make: (length: number) => Uint8Array) {
    super();
    this.name = name;
    this.#make = make;
    this.#held = Array.from({ length: HELD }, () => make(LENGTH));
  }

  protected override takeAndLetGo(count: number): number {
    const make = this.#make;
    const held = this.#held;
    let sum = 0;
    for (let operation = 0; operation < count; operation++) {
      const bytes = make(LENGTH);
      bytes[0] = operation;
      sum += bytes[0] as number;
      held[operation % HELD] = bytes;
    }
    return sum;
  }
}

export const acquireReleaseGroup: Group = {
  name: 'pool/acquire and release 1 KiB',
  unit: 'operations/s',
  ratios: [],
  allocationFree: ['flysocket'],
  contenders: () => [
    new Pool(),
    new Fresh('Buffer.allocUnsafe', (length) => Buffer.allocUnsafe(length)),
    new Fresh('new Uint8Array', (length) => new Uint8Array(length)),
  ],
};
