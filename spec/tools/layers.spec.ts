import * as assert from 'uvu/assert';
import { checkLayers } from '../../tools/layers.ts';
import { describeViolation } from '../../tools/Violation.ts';
import { madeUpTree } from '../support/madeUpTree.ts';
import { suite } from '../support/suite.ts';

const test = suite('layers');

const exported = (room: string): object => ({ default: `./dist/${room}/index.js` });
const PACKAGE = JSON.stringify({
  exports: {
    './flyweight': exported('flyweight'),
    './pool': exported('pool'),
    './counters': exported('counters'),
    './package.json': './package.json',
  },
});

function complaints(files: Record<string, string>): string[] {
  const tree = {
    'package.json': PACKAGE,
    'flyweight/index.ts': "export { A } from './A.ts';",
    'flyweight/A.ts': 'export const A = 1;',
    'pool/index.ts': "import { A } from '../flyweight/index.ts';",
    'counters/index.ts': "import type { A } from '../flyweight/index.ts';",
    ...files,
  };
  return madeUpTree(tree, (root) => checkLayers(root).map(describeViolation));
}

test('this repository keeps its floors', () => {
  assert.equal(checkLayers('.').map(describeViolation), []);
});

test('a sound tree passes', () => {
  const files = {
    'spec/a.spec.ts': "import { A } from 'flysocket/flyweight';\nimport { b } from '../tools/b.ts';",
    'tools/b.ts': "import fs from 'node:fs';\nimport { A } from '../flyweight/index.ts';\nexport const b = 1;",
    'pool/Quoted.ts': "// import '../core/index.ts'\nexport const text = `import { x } from '../core/index.ts'`;",
  };
  assert.equal(complaints(files), []);
});

const FORBIDDEN: ReadonlyArray<[name: string, file: string, text: string, complaint: RegExp]> = [
  ['a higher floor', 'flyweight/B.ts', "import { P } from '../pool/index.ts';", /^flyweight\/B\.ts:1 .*lies above/],
  ['a neighbour', 'pool/B.ts', "\nexport * from '../counters/index.ts';", /^pool\/B\.ts:2 .*strangers/],
  ['a side door', 'pool/B.ts', "import { A } from '../flyweight/A.ts';", /entered by its flyweight\/index\.ts/],
  ['a type by the side door', 'pool/B.ts', "type A = import('../flyweight/A.ts').A;", /entered by its/],
  ['a package', 'pool/B.ts', "import { test } from 'uvu';", /no dependency/],
  ['a module of Node', 'pool/B.ts', "import { Socket } from 'node:net';", /not granted/],
  ['a public name within the library', 'pool/B.ts', "import { A } from 'flysocket/flyweight';", /relative path/],
  ['a spec from a room', 'pool/B.ts', "import { s } from '../spec/s.ts';", /stands around/],
  ['a room by path from a spec', 'spec/b.ts', "import { A } from '../flyweight/index.ts';", /as flysocket\/flyweight/],
  ['a subpath that is not there', 'spec/b.ts', "import { A } from 'flysocket/rooftop';", /no subpath/],
  ['a spec from a bench', 'bench/b.ts', "import { s } from '../spec/s.ts';", /not imported from here/],
  ['a room nobody exports', 'codec/index.ts', 'export const c = 1;', /does not export/],
  ['a room without entrance', 'codec/C.ts', 'export const c = 1;', /without index\.ts/],
  ['an empty room', 'codec/README.md', '', /an empty room/],
];

for (const [name, file, text, complaint] of FORBIDDEN) {
  test(`finds ${name}`, () => {
    const found = complaints({ [file]: text });
    assert.is(found.length, 1, found.join('\n'));
    assert.match(found[0] as string, complaint);
  });
}

test('finds a subpath without a room', () => {
  const rooms = ['flyweight', 'pool', 'counters', 'attic'];
  const exports = Object.fromEntries(rooms.map((room) => [`./${room}`, exported(room)]));
  assert.match(complaints({ 'package.json': JSON.stringify({ exports }) }).join(), /exports no room: \.\/attic/);
});

test('finds a cycle, but not one of types alone', () => {
  const around = (keyword: string) => ({
    'pool/A.ts': "import { B } from './B.ts';",
    'pool/B.ts': "import { C } from './C.ts';",
    'pool/C.ts': `${keyword} { A } from './A.ts';`,
  });
  assert.match(complaints(around('import')).join(), 'pool/A.ts -> pool/B.ts -> pool/C.ts -> pool/A.ts');
  assert.equal(complaints(around('import type')), []);
});

test.run();
