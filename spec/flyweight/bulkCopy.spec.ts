import { DirectBuffer } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('DirectBuffer.putBuffer');

const CANARY = 0xa5;
const LENGTHS = [
  ...Array.from({ length: 40 }, (_, i) => i),
  63,
  64,
  65,
  127,
  128,
  129,
  255,
  256,
  257,
  1021,
  4096,
  4097,
  9000,
];

function filled(Memory: ArrayBufferConstructor | SharedArrayBufferConstructor, length: number): DirectBuffer {
  const buffer = new DirectBuffer(new Memory(length));
  for (let i = 0; i < length; i++) buffer.bytes[i] = (i * 37 + (i >>> 8)) & 0xff;
  return buffer;
}

/** Copies, and compares with what a loop over bytes would have left behind. */
function check(target: DirectBuffer, index: number, source: DirectBuffer, sourceIndex: number, length: number): void {
  target.bytes.fill(CANARY);
  const expected = new Uint8Array(target.capacity).fill(CANARY);
  for (let i = 0; i < length; i++) expected[index + i] = source.getUint8(sourceIndex + i);
  target.putBuffer(index, source, sourceIndex, length);
  const wrong = expected.findIndex((byte, i) => byte !== target.bytes[i]);
  assert.is(wrong, -1, `length ${length} from ${sourceIndex} to ${index}: byte ${wrong}`);
}

for (const [name, Target, Source] of [
  ['plain to plain', ArrayBuffer, ArrayBuffer],
  ['plain to shared', SharedArrayBuffer, ArrayBuffer],
  ['shared to plain', ArrayBuffer, SharedArrayBuffer],
  ['shared to shared', SharedArrayBuffer, SharedArrayBuffer],
] as const) {
  test(`copies any length between any two places, and nothing more: ${name}`, () => {
    const source = filled(Source, 9016);
    const target = new DirectBuffer(new Target(9040));
    for (const length of LENGTHS) {
      for (const from of [0, 1, 3, 8]) {
        for (let to = 0; to < 9; to += length > 300 ? 3 : 1) check(target, to, source, from, length);
      }
    }
  });

  test(`copies all of a source: ${name}`, () => {
    for (const length of LENGTHS) {
      const source = new DirectBuffer(filled(Source, 9016).buffer, 5, length);
      const target = new DirectBuffer(new Target(9040), 3);
      for (const to of [0, 2, 7]) check(target, to, source, 0, length);
    }
  });
}

test('copies between views that begin anywhere in their memory', () => {
  const memory = filled(SharedArrayBuffer, 600);
  for (let start = 0; start < 9; start++) {
    const source = new DirectBuffer(memory.buffer, start, 500);
    const target = new DirectBuffer(new ArrayBuffer(640), 16 - start, 560);
    for (const length of [0, 8, 160, 256, 499]) check(target, 3, source, 1, length);
  }
});

test('refuses what lies outside either view, though the memory goes on', () => {
  const source = new DirectBuffer(new ArrayBuffer(64), 8, 16);
  const target = new DirectBuffer(new ArrayBuffer(64), 8, 16);
  for (const [index, sourceIndex, length] of [
    [0, 0, 17],
    [9, 0, 8],
    [-8, 0, 8],
    [0, -8, 8],
    [0, 9, 8],
    [0, 0, -8],
    [2 ** 32, 0, 8],
    [0, 2 ** 32, 8],
    [0, 0, 2 ** 32],
  ] as const) {
    assert.throws(
      () => target.putBuffer(index, source, sourceIndex, length),
      (error: { code?: string }) => error.code === 'ERR_FLYSOCKET_OUT_OF_BOUNDS',
    );
  }
  assert.ok(target.bytes.every((byte) => byte === 0));
});

test.run();
