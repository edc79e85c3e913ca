/**
 * Messages of which everything follows from the place in the sequence: the type is that place, from 1 on, and length
 * and bytes are made of it. So the consumer can check each by itself, whatever was lost before.
 */
import type { DirectBuffer } from 'flysocket/flyweight';

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** 0 to `maxLength`, short ones as often as long ones. */
export function lengthOf(sequence: number, maxLength: number): number {
  const random = mix(sequence);
  return (random & 1) === 0 ? (random >>> 1) % (maxLength + 1) : (random >>> 1) % Math.min(maxLength + 1, 17);
}

export function fill(buffer: DirectBuffer, index: number, sequence: number, length: number): void {
  const bytes = buffer.bytes;
  let byte = mix(~sequence);
  for (let i = 0; i < length; i++, byte += 7) bytes[index + i] = byte;
}

/** The first place where the bytes differ from what `fill` makes, or -1. */
export function firstDifference(buffer: DirectBuffer, index: number, sequence: number, length: number): number {
  const bytes = buffer.bytes;
  let byte = mix(~sequence);
  for (let i = 0; i < length; i++, byte += 7) if (bytes[index + i] !== (byte & 0xff)) return i;
  return -1;
}

/** A small generator of its own per thread, so that a run can be repeated by its seed (Mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 0 to `bound - 1`. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    return mix(this.#state) % bound;
  }
}

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Now and then blocks for up to 50 microseconds, so that the ring runs full and empty. */
export function pauseSometimes(random: Random, oneIn: number): void {
  if (random.below(oneIn) === 0) Atomics.wait(cell, 0, 0, random.below(50) / 1_000);
}
