import type { CloneCase } from './CloneCase.ts';
import { withOwn } from './withOwn.ts';

class MapWithMore extends Map<unknown, unknown> {
  readonly more = 1;
}
class SetOfOurs extends Set<unknown> {}
class DateOfOurs extends Date {}
class ErrorOfOurs extends Error {
  override readonly name = 'ErrorOfOurs';
  readonly detail = { deep: true };
}

export const builtIns: readonly CloneCase[] = [
  ...[
    0,
    1,
    -1,
    999,
    1000,
    1_700_000_000_123,
    -62_135_596_800_001,
    8.64e15,
    -8.64e15,
    Number.NaN,
    4_294_967_296_000,
  ].map((time): CloneCase => [`Date ${time}`, () => new Date(time), 'SERIALIZED']),
  ['a Date of ours with a property', () => Object.assign(new DateOfOurs(5), { more: 1 }), 'SERIALIZED'],
  [
    'a Date that says otherwise',
    () => Object.assign(new Date(5), { getTime: 1, toJSON: 2, constructor: 3 }),
    'SERIALIZED',
  ],
  ['a Date in disguise', () => Object.setPrototypeOf(new Date(5), Object.prototype), 'SERIALIZED'],
  ['a RegExp', () => /a\/b[/]\n(?<c>é)/dgimsuy, 'SERIALIZED'],
  ['an empty RegExp', () => /(?:)/, 'SERIALIZED'],
  ['a RegExp that has matched', () => withLastIndex(/a/g), 'SERIALIZED'],
  ['a RegExp with a property', () => withOwn(/a/g, { global: false, constructor: 1 }), 'PORT'],
  [
    'a Map',
    () =>
      new Map<unknown, unknown>([
        [1, 'a'],
        ['b', { c: 1 }],
        [{ key: 1 }, []],
        [Number.NaN, 0],
      ]),
    'SERIALIZED',
  ],
  ['an empty Map', () => new Map(), 'SERIALIZED'],
  ['a Map of 20 with -0', () => new Map(Array.from({ length: 20 }, (_, i) => [-i, i])), 'SERIALIZED'],
  ['a Map in Maps', () => new Map([[new Map([[new Set([1]), new Map()]]), new Set([new Map()])]]), 'SERIALIZED'],
  ['a Map of ours', () => new MapWithMore([[1, 2]]), 'SERIALIZED'],
  ['a Map with properties', () => withOwn(new Map([[1, 2]]), { size: 7, constructor: 1, forEach: 2 }), 'SERIALIZED'],
  ['a Map in disguise', () => Object.setPrototypeOf(new Map([[1, 2]]), Object.prototype), 'PORT'],
  ['a Map without a prototype', () => Object.setPrototypeOf(new Map([[1, 2]]), null), 'SERIALIZED'],
  ['a Map that grows', () => growingMap(), 'SERIALIZED'],
  ['a Map of functions', () => new Map([[1, () => 1]]), 'throws'],
  ['a Set', () => new Set<unknown>([3, 1, 'a', { b: 1 }, [2], undefined, null]), 'SERIALIZED'],
  ['an empty Set', () => new Set(), 'SERIALIZED'],
  ['a Set of ours', () => new SetOfOurs([1, {}]), 'SERIALIZED'],
  ['a Set in disguise', () => Object.setPrototypeOf(new Set([1]), Object.prototype), 'PORT'],
  ['a boxed number', () => Object(-0), 'PORT'],
  ['a boxed string', () => Object('text'), 'PORT'],
  ['a boxed boolean', () => ({ a: Object(false) }), 'PORT'],
  ['a boxed bigint', () => [Object(1n)], 'PORT'],
  ['a boxed symbol', () => Object(Symbol('s')), 'throws'],
  ['a boxed string in disguise', () => Object.setPrototypeOf(Object('text'), Object.prototype), 'PORT'],
];

function withLastIndex(regExp: RegExp): RegExp {
  regExp.lastIndex = 7;
  return regExp;
}
function growingMap(): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  map.set(1, {
    get a() {
      map.set('more', 1);
      return 1;
    },
  });
  return map;
}

export const errors: readonly CloneCase[] = [
  ...[Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map(
    (Kind): CloneCase => [Kind.name, () => ({ error: new Kind('message') }), 'PORT'],
  ),
  [
    'an Error with a cause',
    () => new Error('outer', { cause: new TypeError('inner', { cause: { code: 7 } }) }),
    'PORT',
  ],
  ['an Error with properties', () => Object.assign(new Error('message'), { code: 'ERR', errno: 7 }), 'PORT'],
  ['an Error of another name', () => Object.assign(new Error('message'), { name: 'Other' }), 'PORT'],
  ['an Error of ours', () => new ErrorOfOurs('message'), 'PORT'],
  ['an Error without a stack', () => Object.assign(new Error('message'), { stack: undefined }), 'PORT'],
  [
    'an Error in disguise',
    () => Object.setPrototypeOf(Object.assign(new Error('m'), { a: 1 }), Object.prototype),
    'PORT',
  ],
  ['an AggregateError', () => new AggregateError([new Error('one'), 2], 'message'), 'PORT'],
  ['a DOMException', () => new DOMException('message', 'AbortError'), 'PORT'],
];
