import { markAsUntransferable } from 'node:worker_threads';
import type { CloneCase } from './CloneCase.ts';
import { withOwn } from './withOwn.ts';

const fromPool = Buffer.from('text');
class BytesOfOurs extends Uint8Array {}

type View = new (buffer: ArrayBufferLike, byteOffset?: number, length?: number) => ArrayBufferView;

const views: readonly View[] = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
];

export const memories: readonly CloneCase[] = [
  ...views.flatMap((Kind): CloneCase[] => [
    [`all of a buffer as ${Kind.name}`, () => ({ view: new Kind(memory(64)) }), 'SERIALIZED'],
    [`a part of a buffer as ${Kind.name}`, () => ({ view: new Kind(memory(64), 16, 2) }), 'PORT'],
    [`an empty ${Kind.name}`, () => [new Kind(new ArrayBuffer(0))], 'PORT'],
    [`shared memory as ${Kind.name}`, () => [new Kind(new SharedArrayBuffer(16))], 'PORT'],
    [`a long ${Kind.name}`, () => [new Kind(memory(100_000))], 'SERIALIZED'],
  ]),
  ['special floats', () => ({ a: new Float64Array([Number.NaN, -0, 1 / 3, Number.NEGATIVE_INFINITY]) }), 'SERIALIZED'],
  ['an ArrayBuffer', () => memory(20), 'SERIALIZED'],
  ['an empty ArrayBuffer', () => new ArrayBuffer(0), 'PORT'],
  ['a resizable ArrayBuffer', () => resizable(8, 64), 'PORT'],
  ['a view that follows a resizable ArrayBuffer', () => [new Uint8Array(resizable(8, 64))], 'PORT'],
  ['a SharedArrayBuffer', () => new SharedArrayBuffer(8), 'PORT'],
  ['a detached ArrayBuffer', () => detached(), 'throws'],
  ['a view of a detached ArrayBuffer', () => ({ a: detachedView() }), 'throws'],
  ['a detached Uint8Array', () => detachedView(), 'throws'],
  ['a Buffer from the pool', () => ({ body: fromPool }), 'PORT'],
  ['a Buffer of its own', () => ({ body: Buffer.alloc(9_000, 'x') }), 'SERIALIZED'],
  ['bytes of ours', () => [new BytesOfOurs([1, 2])], 'SERIALIZED'],
  [
    'bytes that say otherwise',
    () => [withOwn(new Uint8Array([1, 2]), { constructor: 1, buffer: 2, length: 9 })],
    'SERIALIZED',
  ],
  [
    'bytes that say otherwise, alone',
    () => withOwn(new Uint8Array([1, 2]), { buffer: 2, byteOffset: 3, length: 9 }),
    'BYTES',
  ],
  ['bytes in disguise', () => Object.setPrototypeOf(new Uint8Array([1, 2]), Object.prototype), 'BYTES'],
  ['integers in disguise', () => Object.setPrototypeOf(new Int16Array([1, 2]), Object.prototype), 'PORT'],
  ['an ArrayBuffer in disguise', () => Object.setPrototypeOf(memory(3), Object.prototype), 'PORT'],
  ['two views of one buffer', () => twoViews(), 'PORT'],
  ['a view and its buffer', () => viewAndBuffer(), 'SERIALIZED'],
  ['a buffer and its view', () => Object.values(viewAndBuffer()).reverse(), 'PORT'],
  [
    'one view twice',
    () => {
      const view = new Uint16Array([1, 2]);
      return [view, { view }];
    },
    'SERIALIZED',
  ],
  [
    'one buffer twice',
    () => {
      const one = memory(5);
      return { one, two: one };
    },
    'SERIALIZED',
  ],
  [
    'what must not be transferred',
    () => {
      const one = memory(5);
      markAsUntransferable(one);
      return [one];
    },
    'SERIALIZED',
  ],
];

function memory(length: number): ArrayBuffer {
  return Uint8Array.from({ length }, (_, i) => i * 7).buffer;
}
function resizable(byteLength: number, maxByteLength: number): ArrayBuffer {
  return Reflect.construct(ArrayBuffer, [byteLength, { maxByteLength }]) as ArrayBuffer;
}
function detached(): ArrayBuffer {
  const buffer = memory(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}
function detachedView(): Uint8Array {
  const view = new Uint8Array(8);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}
function twoViews(): unknown {
  const buffer = memory(16);
  return [new Uint8Array(buffer), new Float64Array(buffer)];
}
function viewAndBuffer(): { view: Float32Array; buffer: ArrayBuffer } {
  const buffer = memory(16);
  return { view: new Float32Array(buffer), buffer };
}
