import { MAX_VALUE_DEPTH } from 'flysocket/workers';
import type { CloneCase } from './CloneCase.ts';
import { Point } from './Point.ts';

export const graphs: readonly CloneCase[] = [
  [
    'an object twice',
    () => {
      const one = { a: 1 };
      return [one, one, { one }];
    },
    'SERIALIZED',
  ],
  [
    'an array twice',
    () => {
      const one = [1];
      return { a: one, b: { c: one } };
    },
    'SERIALIZED',
  ],
  [
    'an object that holds itself',
    () => {
      const one: Record<string, unknown> = { a: 1 };
      one['self'] = one;
      one['b'] = 2;
      return one;
    },
    'SERIALIZED',
  ],
  [
    'an array that holds itself',
    () => {
      const one: unknown[] = [1];
      one.push(one, [one]);
      return one;
    },
    'SERIALIZED',
  ],
  [
    'two that hold each other',
    () => {
      const a: Record<string, unknown> = {};
      const b = { a };
      a['b'] = b;
      return [a, b];
    },
    'SERIALIZED',
  ],
  [
    'a Map that holds itself',
    () => {
      const map = new Map<unknown, unknown>();
      map.set('self', map);
      return map;
    },
    'PORT',
  ],
  [
    'a Map that holds itself further down',
    () => {
      const map = new Map<unknown, unknown>();
      map.set('a', { map });
      return map;
    },
    'SERIALIZED',
  ],
  [
    'a Set that holds itself',
    () => {
      const set = new Set<unknown>([1]);
      set.add(set);
      return set;
    },
    'PORT',
  ],
  [
    'a Set twice',
    () => {
      const set = new Set([{}]);
      return { a: set, b: [set] };
    },
    'SERIALIZED',
  ],
  [
    'a key that is also a value',
    () => {
      const key = { k: 1 };
      return { map: new Map([[key, 1]]), key, date: new Date(1) };
    },
    'SERIALIZED',
  ],
  [
    'a Date twice',
    () => {
      const date = new Date(7);
      return { a: date, re: /x/, b: date };
    },
    'SERIALIZED',
  ],
  [
    'a RegExp twice, with a view before',
    () => {
      const re = /x/;
      return [new Int8Array(3), re, new ArrayBuffer(3), { re }];
    },
    'SERIALIZED',
  ],
  [
    'keys like integers with references',
    () => {
      const one = {};
      return { b: one, 2: one, 1: [one, 'x'] };
    },
    'SERIALIZED',
  ],
  [
    'many references',
    () => {
      const one = { a: 1 };
      return Array.from({ length: 100 }, (_, i) => (i % 2 ? one : { one, i }));
    },
    'SERIALIZED',
  ],
  [
    'a chain',
    () => {
      const all: object[] = [];
      for (let i = 0; i < 60; i++) all.push({ all, before: all[i - 1] ?? null });
      return all;
    },
    'SERIALIZED',
  ],
  ['the same undefined and text', () => ({ a: undefined, b: undefined, c: 'text', d: 'text' }), 'SERIALIZED'],
];

/** Arrays of objects with the same keys. */
export const rows: readonly CloneCase[] = [
  ['of numbers', () => list((i) => ({ a: i, b: -i })), 'SERIALIZED'],
  ['with one that differs', () => list((i) => (i === 50 ? { a: 1, c: 2 } : { a: i, b: 'x' })), 'SERIALIZED'],
  ['with keys in another order', () => list((i) => (i % 2 ? { a: 1, b: 2 } : { b: 1, a: 2 })), 'SERIALIZED'],
  ['with one that has more', () => list((i) => (i === 3 ? { a: 1, b: 2, c: 3 } : { a: i, b: 2 })), 'SERIALIZED'],
  ['with one that has less', () => list((i) => (i === 3 ? { a: 1 } : { a: i, b: 2 })), 'SERIALIZED'],
  ['with other things between', () => list((i) => [{ a: i }, i, null, [i], 'x', undefined][i % 6]), 'SERIALIZED'],
  ['with a proxy', () => list((i) => (i === 9 ? new Proxy({ a: 1 }, {}) : { a: i })), 'throws'],
  ['with one of a class', () => list((i) => (i === 9 ? new Point() : { x: i })), 'PORT'],
  ['with one without a prototype', () => list((i) => (i === 9 ? bare({ x: 1 }) : { x: i })), 'SERIALIZED'],
  ['with a Map in disguise', () => list((i) => (i === 9 ? disguised({ x: 1 }) : { x: i })), 'throws'],
  ['in rows', () => list((i) => ({ i, rows: list((j) => ({ j, k: [{ i }, { j }, { i }, { j }] }), 5) })), 'SERIALIZED'],
  ['that are one object', () => list(() => shared), 'SERIALIZED'],
  ['that hold each other', () => holding(), 'SERIALIZED'],
  [
    'with getters',
    () =>
      list((i) => ({
        get a() {
          return { i };
        },
        b: i,
      })),
    'SERIALIZED',
  ],
  ['with a getter that deletes', () => list((i) => (i === 2 ? deleting() : { a: i, b: 2 })), 'PORT'],
  ['with awkward keys', () => list((i) => ({ constructor: i, toJSON: 1, 'é€😀': 2, '': 3 })), 'SERIALIZED'],
  ['with a key that can not be written', () => list((i) => ({ '\ud800': i })), 'PORT'],
  ['with own __proto__', () => list(() => JSON.parse('{"a":1,"__proto__":2}')), 'PORT'],
  ['with indices', () => list((i) => ({ 1: i, a: 2 })), 'SERIALIZED'],
  [
    'of many keys',
    () => list((i) => Object.fromEntries(list((j) => [`k${j}`, i + j]) as [string, number][])),
    'SERIALIZED',
  ],
  ['nested too deep', () => list((i) => ({ i, deep: nested(MAX_VALUE_DEPTH - 1) })), 'PORT'],
  [
    'whose array has a getter',
    () =>
      Object.defineProperty(
        list((i) => ({ i })),
        1,
        { get: () => ({ i: 'got' }) },
      ),
    'SERIALIZED',
  ],
];

const shared = { s: 1, t: [1] };

function list(make: (i: number) => unknown, length = 100): unknown[] {
  return Array.from({ length }, (_, i) => make(i));
}
function bare(properties: object): object {
  return Object.assign(Object.create(null), properties);
}
function disguised(properties: object): object {
  return Object.setPrototypeOf(Object.assign(Promise.resolve(), properties), Promise.prototype);
}
function holding(): unknown[] {
  const all: { before: unknown; all: unknown; i: number }[] = [];
  for (let i = 0; i < 50; i++) all.push({ before: all.at(-1), all, i });
  return all;
}
/** Its first property takes away the second; a row of these keys can't be written. */
function deleting(): object {
  return {
    get a() {
      delete (this as { b?: number }).b;
      return 1;
    },
    b: 2,
  };
}

export const deep: readonly CloneCase[] = [
  ...[MAX_VALUE_DEPTH - 1, MAX_VALUE_DEPTH, MAX_VALUE_DEPTH + 1, 1_000].map(
    (depth): CloneCase => [`nested ${depth}`, () => nested(depth), depth > MAX_VALUE_DEPTH ? 'PORT' : 'SERIALIZED'],
  ),
  ['nested too deep for anyone', () => nested(200_000), 'throws'],
  [
    'nested in Maps',
    () => {
      let map = new Map();
      for (let i = 0; i < 150; i++) map = new Map([[map, i]]);
      return map;
    },
    'SERIALIZED',
  ],
];

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { value };
  return value;
}
