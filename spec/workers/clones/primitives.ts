import type { CloneCase } from './CloneCase.ts';

const numbers: readonly number[] = [
  0,
  1,
  31,
  32,
  63,
  64,
  127,
  128,
  255,
  256,
  65_535,
  65_536,
  0x7fffffff,
  0x80000000,
  0xffffffff,
  0x100000000,
  -1,
  -31,
  -32,
  -33,
  -128,
  -129,
  -32_768,
  -32_769,
  -0x80000000,
  -0x80000001,
  0.1,
  -0.5,
  1e21,
  1e-7,
  5e-324,
  Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
];

const bigints: readonly bigint[] = [
  0n,
  1n,
  -1n,
  ...[8n, 31n, 32n, 53n, 63n, 64n, 65n, 72n, 127n, 128n, 1000n, 20_000n].flatMap((bits) => {
    const power = 2n ** bits;
    return [power, power - 1n, power + 1n, -power, -power - 1n, 1n - power];
  }),
];

const texts: readonly [string, string][] = [
  ['empty', ''],
  ['a NUL', '\0'],
  ['of 31, 32 and 33', `${'a'.repeat(31)} ${'b'.repeat(32)} ${'c'.repeat(33)}`],
  ...[15, 16, 31, 32, 47, 48, 49, 64, 65, 255, 256, 65_535, 65_536].map((n): [string, string] => [
    `of ${n}`,
    'x'.repeat(n),
  ]),
  ...[1, 15, 16, 31, 48, 49, 64, 100, 30_000].map((n): [string, string] => [`of ${n} é`, 'é'.repeat(n)]),
  ...[1, 8, 16, 24, 25, 48, 49, 64, 100, 30_000].map((n): [string, string] => [`of ${n} €`, '€'.repeat(n)]),
  ...[1, 8, 12, 24, 25, 48, 64, 100, 30_000].map((n): [string, string] => [`of ${n} 😀`, '😀'.repeat(n)]),
  ['mixed', 'aé€😀'.repeat(9)],
  ['with U+FFFD and U+FFFF', '\ufffd\uffff'],
  ['a megabyte', 'lorem ipsum '.repeat(90_000)],
  ['a mark within', `a\ufeff${'b'.repeat(100)}`],
];

const unwritableTexts: readonly [string, string][] = [
  ['a high surrogate', '\ud800'],
  ['a low surrogate', '\udc00'],
  ['surrogates the wrong way round', '\udc00\ud800'],
  ['a high surrogate before a letter', '\ud800a'],
  ['a long one with a surrogate', `${'x'.repeat(100)}\ud800`],
  ['a mark', '\ufeff'],
  ['a mark before more', `\ufeff${'x'.repeat(100)}`],
];

function textCases(): CloneCase[] {
  return [
    ...texts.flatMap(([name, text]): CloneCase[] => [
      [`text ${name}`, () => text, 'SERIALIZED'],
      [`key ${name}`, () => ({ [text]: 1, other: text }), 'SERIALIZED'],
    ]),
    ...unwritableTexts.flatMap(([name, text]): CloneCase[] => [
      [`text ${name}`, () => text, 'PORT'],
      [`key ${name}`, () => ({ a: { [text]: 1 } }), 'PORT'],
    ]),
  ];
}

/** All that is no object, and functions. */
export const primitives: readonly CloneCase[] = [
  ['undefined', () => undefined, 'NONE'],
  ['null', () => null, 'SERIALIZED'],
  ['true', () => true, 'SERIALIZED'],
  ['false', () => false, 'SERIALIZED'],
  ...numbers.map((n): CloneCase => [`number ${Object.is(n, -0) ? '-0' : n}`, () => n, 'SERIALIZED']),
  ...bigints.map((n): CloneCase => [`bigint of ${n.toString(2).length} bits`, () => n, 'SERIALIZED']),
  ['all numbers', () => [...numbers], 'SERIALIZED'],
  ['all bigints', () => ({ all: [...bigints] }), 'SERIALIZED'],
  ['a symbol', () => Symbol('s'), 'throws'],
  ['a registered symbol', () => Symbol.for('s'), 'throws'],
  ['a function', () => () => 1, 'throws'],
  ['a class', () => class {}, 'throws'],
  ...textCases(),
];
