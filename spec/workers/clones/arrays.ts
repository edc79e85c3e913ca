import type { CloneCase } from './CloneCase.ts';

class ListWithMore extends Array<number> {
  readonly more = 1;
}

export const arrays: readonly CloneCase[] = [
  ['empty', () => [], 'SERIALIZED'],
  ['of 15, 16 and 70,000', () => [15, 16, 70_000].map((n) => new Array(n).fill(7)), 'SERIALIZED'],
  ['of everything simple', () => [1, 'a', null, undefined, true, 1n, [], {}], 'SERIALIZED'],
  // biome-ignore lint/suspicious/noSparseArray: that is what this is about
  ['with a hole', () => [1, , 3], 'PORT'],
  // biome-ignore lint/suspicious/noSparseArray: that is what this is about
  ['with a hole at the end', () => [1, ,], 'PORT'],
  ['of holes', () => new Array(3), 'PORT'],
  ['very long and sparse', () => Object.assign([], { length: 4_294_967_295 }), 'PORT'],
  ['with holes and as many properties', () => Object.assign(new Array(2), { 0: 'a', x: 'b' }), 'PORT'],
  ['with a property', () => Object.assign([1, 2], { extra: 3 }), 'PORT'],
  ['empty with a property', () => Object.assign([], { extra: 3 }), 'PORT'],
  ['a match', () => /(?<year>\d+)-(\d+)/.exec('in 2026-11'), 'PORT'],
  ['with a symbol key', () => Object.assign([1], { [Symbol('s')]: 2 }), 'SERIALIZED'],
  ['with a hidden property', () => Object.defineProperty([1], 'hidden', { value: 1 }), 'SERIALIZED'],
  ['with a hidden element', () => Object.defineProperty([1, 2], 1, { value: 1, enumerable: false }), 'PORT'],
  ['with a getter', () => Object.defineProperty([1, 2], 1, { get: () => 'got', enumerable: true }), 'SERIALIZED'],
  ['of a class', () => Object.assign(new ListWithMore(), { length: 2 }), 'PORT'],
  ['of a class without more', () => class extends Array {}.of(1, 2), 'SERIALIZED'],
  ['without a prototype', () => Object.setPrototypeOf([1, 2], null), 'SERIALIZED'],
  ['growing while it is read', () => growing(), 'SERIALIZED'],
  ['Array.prototype', () => Array.prototype, 'SERIALIZED'],
  ['frozen', () => Object.freeze([1, 2]), 'SERIALIZED'],
  [
    'of rows',
    () => Array.from({ length: 300 }, (_, id) => ({ id, name: `name ${id}`, when: new Date(id) })),
    'SERIALIZED',
  ],
];

function growing(): unknown[] {
  const list: unknown[] = [
    {
      get a() {
        list.push(list.length);
        return 1;
      },
    },
    2,
  ];
  return list;
}
