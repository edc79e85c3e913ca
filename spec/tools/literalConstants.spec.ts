import * as assert from 'uvu/assert';
import { constantMembers, withConstantsFirst, withLiteralMembers } from '../../tools/literalConstants.ts';
import { madeUpTree } from '../support/madeUpTree.ts';
import { suite } from '../support/suite.ts';

const test = suite('literalConstants');

const SOURCES = {
  'Kind.ts': [
    '/** @see Kind.ONE */',
    'export const Kind = {',
    '  ONE: 0x01,',
    '  /** Of two. */',
    '  TWO: 0b1_0,',
    "  NAME: 'a',",
    '} as const;',
  ].join('\n'),
  'View.ts': [
    'const START_OFFSET = 4;',
    'const END_OFFSET: number = START_OFFSET + 2 * 3;',
    'export class View {',
    '  static readonly END_OFFSET: number = END_OFFSET;',
    '  static readonly NONE = -1;',
    "  static readonly LETTERS: string = 'IM';",
    '}',
  ].join('\n'),
};

const members = await madeUpTree(SOURCES, async (root) => constantMembers([`${root}/Kind.ts`, `${root}/View.ts`]));

test('finds the numbers of constant objects and the static ones of classes', () => {
  assert.equal(
    [...members],
    [
      ['Kind.ONE', 1],
      ['Kind.TWO', 2],
      ['View.END_OFFSET', 10],
      ['View.NONE', -1],
    ],
  );
});

test('refuses two values of one name', async () => {
  const files = {
    'a.ts': 'export const A = {\n  X: 1,\n} as const;',
    'b.ts': 'export const A = {\n  X: 2,\n} as const;',
  };
  await madeUpTree(files, async (root) => {
    assert.throws(() => constantMembers([`${root}/a.ts`, `${root}/b.ts`]), /two values of A\.X/);
  });
});

test('writes members as numbers, and nothing else', () => {
  const source = 'f(Kind.ONE, -View.NONE, Kind.NAME, a.Kind.ONE, MyKind.ONE, Kind.ONE_MORE, Kind.THREE)';
  const literal = 'f(1, -(-1), Kind.NAME, a.Kind.ONE, MyKind.ONE, Kind.ONE_MORE, Kind.THREE)';
  assert.is(withLiteralMembers(source, members), literal);
});

test('puts numeric constants first, worked out, and keeps every line in its place', () => {
  const text = [
    "import { f } from './f.js';",
    'const A = 0x10;',
    'f(A);',
    'const B = A + (1 << 2);',
    'const C = f(B);',
    "const D = 'D';",
    'var COUNT = 0;',
    'COUNT++;',
    'export { A, B };',
  ];
  const expected = [
    "const A = 16; const B = 20; import { f } from './f.js';",
    '',
    'f(A);',
    '',
    'const C = f(B);',
    "const D = 'D';",
    'var COUNT = 0;',
    'COUNT++;',
    'export { A, B };',
  ];
  assert.equal(withConstantsFirst(text.join('\n')).split('\n'), expected);
});

test('leaves a file without such constants as it is', () => {
  assert.is(withConstantsFirst('let x = 1;\n'), 'let x = 1;\n');
});

test.run();
