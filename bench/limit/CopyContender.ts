import { DirectBuffer } from 'flysocket/flyweight';
import type { Contender } from '../harness/index.ts';

const VERIFIED_COPIES = 1_000;
/** What stands in the source, but for its first byte. */
const FILLING = 1;

/** Copies the same bytes over and over, of which the first one changes each time. */
export abstract class CopyContender implements Contender {
  readonly isAsync = false;
  readonly name: string;
  readonly batch: number;
  protected readonly source: Uint8Array;
  protected readonly target: Uint8Array;
  readonly #checksums: Map<number, number> = new Map();

  constructor(name: string, batch: number, length: number, target: ArrayBufferLike) {
    this.name = name;
    this.batch = batch;
    this.source = new Uint8Array(length).fill(FILLING);
    this.target = new Uint8Array(target);
  }

  /** @returns the checksum of so many copies, each taken from the target */
  protected abstract copy(count: number): number;

  verify(): void {
    const { source, target } = this;
    this.run(VERIFIED_COPIES);
    if (Buffer.compare(source, target) !== 0) throw new Error(`${this.name}: the copy is another`);
  }

  run(count: number): undefined {
    let expected = this.#checksums.get(count);
    if (expected === undefined) {
      expected = copiesChecksum(this.source.length, count);
      this.#checksums.set(count, expected);
    }
    const checksum = this.copy(count);
    if (checksum !== expected) throw new Error(`${this.name}: checksum ${checksum} of ${count}, expected ${expected}`);
  }
}

/** The checksum of so many copies: of the first and last byte of each. */
export function copiesChecksum(length: number, count: number): number {
  let checksum = 0;
  for (let copy = 0; copy < count; copy++) {
    checksum = addCopy(checksum, copy & 0xff, length === 1 ? copy & 0xff : FILLING);
  }
  return checksum;
}

function addCopy(checksum: number, first: number, last: number): number {
  return (Math.imul(checksum, 31) + first + last) | 0;
}

/** `set` of a typed array, as anyone would. */
export class SetCopy extends CopyContender {
  constructor(name: string, batch: number, length: number) {
    super(name, batch, length, new ArrayBuffer(length));
  }

  protected override copy(count: number): number {
    const { source, target } = this;
    const last = source.length - 1;
    let checksum = 0;
    for (let copy = 0; copy < count; copy++) {
      source[0] = copy;
      target.set(source);
      checksum = addCopy(checksum, target[0] as number, target[last] as number);
    }
    return checksum;
  }
}

/** As our rings copy: into shared memory, by `DirectBuffer.putBuffer`. */
export class PutBufferCopy extends CopyContender {
  readonly #from: DirectBuffer = new DirectBuffer(this.source);
  readonly #to: DirectBuffer = new DirectBuffer(this.target);

  constructor(name: string, batch: number, length: number) {
    super(name, batch, length, new SharedArrayBuffer(length));
  }

  protected override copy(count: number): number {
    const from = this.#from;
    const to = this.#to;
    const length = from.capacity;
    let checksum = 0;
    for (let copy = 0; copy < count; copy++) {
      from.putUint8(0, copy);
      to.putBuffer(0, from, 0, length);
      checksum = addCopy(checksum, to.getUint8(0), to.getUint8(length - 1));
    }
    return checksum;
  }
}
