import { runInNewContext } from 'node:vm';
import type { CloneCase } from './CloneCase.ts';
import { Point } from './Point.ts';

export const objects: readonly CloneCase[] = [
  ['empty', () => ({}), 'SERIALIZED'],
  [
    'small',
    () => ({ id: 1, name: 'a', tags: ['x', 'y'], nested: { ok: true, none: null, not: undefined } }),
    'SERIALIZED',
  ],
  ['of 70,000 properties', () => Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`k${i}`, i])), 'PORT'],
  [
    'of 65,535 properties',
    () => Object.fromEntries(Array.from({ length: 65_535 }, (_, i) => [`k${i}`, i])),
    'SERIALIZED',
  ],
  ['of 16 properties', () => Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`k${i}`, i])), 'SERIALIZED'],
  [
    'with keys like integers',
    () => ({ b: 1, 10: 2, 9: 3, '-1': 4, '01': 5, a: 6, 4294967295: 7, 1.5: 8 }),
    'SERIALIZED',
  ],
  ['with an empty key', () => ({ '': 1, ' ': 2 }), 'SERIALIZED'],
  [
    'with keys of Object.prototype',
    () => ({ toString: 1, hasOwnProperty: 2, valueOf: 3, isPrototypeOf: 4 }),
    'SERIALIZED',
  ],
  ['with a constructor', () => ({ constructor: 'c', a: { constructor: null } }), 'SERIALIZED'],
  ['with constructor Map', () => ({ constructor: Map }), 'throws'],
  ['with toJSON', () => ({ toJSON: 'text', a: 1 }), 'SERIALIZED'],
  ['with a function toJSON', () => ({ toJSON: () => 'other' }), 'throws'],
  // biome-ignore lint/suspicious/noThenProperty: that is what this is about
  ['with then', () => ({ then: 1 }), 'SERIALIZED'],
  ['with own __proto__', () => JSON.parse('{"a":1,"__proto__":{"polluted":true},"b":2}'), 'PORT'],
  ['with own __proto__ below', () => ({ a: [JSON.parse('{"__proto__":null}')] }), 'PORT'],
  ['with __proto_', () => ({ __proto_: 1, _proto__: 2 }), 'SERIALIZED'],
  ['without a prototype', () => Object.assign(Object.create(null), { a: 1, hasOwnProperty: 2 }), 'SERIALIZED'],
  ['empty without a prototype', () => Object.create(null), 'SERIALIZED'],
  ['of a class', () => new Point(), 'PORT'],
  ['with an object of a class', () => ({ point: new Point() }), 'PORT'],
  ['that inherits', () => Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }), 'PORT'],
  ['with a symbol key', () => ({ [Symbol('s')]: 1, a: 2 }), 'SERIALIZED'],
  ['with a symbol that can not be cloned', () => ({ [Symbol('s')]: () => 1, a: 2 }), 'SERIALIZED'],
  ['with a tag', () => ({ [Symbol.toStringTag]: 'Tagged', a: 2 }), 'PORT'],
  ['with what is not enumerable', () => Object.defineProperty({ a: 1 }, 'hidden', { value: () => 1 }), 'SERIALIZED'],
  ['read only', () => Object.freeze({ a: Object.freeze([1]) }), 'SERIALIZED'],
  [
    'with a getter',
    () => ({
      a: 1,
      get b() {
        return { a: (this as { a: number }).a };
      },
    }),
    'SERIALIZED',
  ],
  ['with a setter only', () => ({ a: 1, set b(_: number) {} }), 'SERIALIZED'],
  [
    'with a getter that throws',
    () => ({
      a: 1,
      get b(): number {
        throw new RangeError('from the getter');
      },
    }),
    'throws',
  ],
  ['with a getter that adds', () => adding(), 'SERIALIZED'],
  ['with a getter that deletes', () => deleting(), 'SERIALIZED'],
  ['with a getter that changes what comes', () => changing(), 'SERIALIZED'],
  ['with a function', () => ({ a: { b: [() => 1] } }), 'throws'],
  ['with a symbol', () => ({ a: Symbol('s') }), 'throws'],
  ['proxied', () => new Proxy({ a: 1 }, {}), 'throws'],
  ['with a proxied array', () => ({ a: new Proxy([1], {}) }), 'throws'],
  ['with a proxied map', () => [new Proxy(new Map(), {})], 'throws'],
  ['of another context', () => runInNewContext('({ a: [1, { b: new Map([[1, 2]]) }] })'), 'PORT'],
  ['with an array of another context', () => ({ list: runInNewContext('[1, 2]') }), 'SERIALIZED'],
];

function adding(): object {
  return {
    get a() {
      (this as Record<string, unknown>)['c'] = 1;
      return 1;
    },
    b: 2,
  };
}
function deleting(): object {
  return {
    get a() {
      delete (this as Record<string, unknown>)['b'];
      return 1;
    },
    b: 2,
    c: 3,
  };
}
function changing(): object {
  const inner = { n: 1 };
  return {
    inner,
    get a() {
      inner.n++;
      return inner.n;
    },
    again: {
      get n() {
        return inner.n;
      },
    },
  };
}
