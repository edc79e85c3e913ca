import * as assert from 'uvu/assert';
import { blankOut } from '../../tools/blankOut.ts';
import { checkTidiness } from '../../tools/tidy.ts';
import { describeViolation } from '../../tools/Violation.ts';
import { madeUpTree } from '../support/madeUpTree.ts';
import { suite } from '../support/suite.ts';

const test = suite('tidy');

const ERRORS = '| code | when |\n|---|---|\n| `ERR_FLYSOCKET_A` | always |\n';
const LIMITS = '| name | default |\n|---|---|\n| `Options.maxThings` | 3 |\n';
const SOUND = {
  'docs/errors.md': ERRORS,
  'docs/limits.md': LIMITS,
  'README.md': 'See [errors](docs/errors.md), `[this](nowhere.md)` and [there](https://example.org/x).\n\n## The end',
  'pool/index.ts': "export { Thing } from './Thing.ts';\n",
  'pool/Thing.ts': "/** A thing. */\nexport class Thing {\n  maxThings = 3;\n  code = 'ERR_FLYSOCKET_A';\n}\n",
};

function complaints(files: Record<string, string>): string[] {
  return madeUpTree({ ...SOUND, ...files }, (root) => checkTidiness(root).map(describeViolation));
}

test('this repository is tidy', () => {
  assert.equal(checkTidiness('.').map(describeViolation), []);
});

test('a sound tree passes', () => {
  assert.equal(complaints({}), []);
});

test('what is quoted or commented is no code', () => {
  const text = [
    '/** Says `Math.random`, and as any other. */',
    'export const pool = () => 1;',
    "export const text = 'console.log'; // console.log(1)",
    'export const nested = `console.log ${[`Math.random`].map((x) => `${x} Date.now`)} as any`;',
    'export const pattern = /[/\'"]console\\.log/.test("Buffer.from");',
    '',
  ].join('\n');
  const index = `${SOUND['pool/index.ts']}export { nested, pattern, pool, text } from './pool.ts';\n`;
  assert.equal(complaints({ 'pool/pool.ts': text, 'pool/index.ts': index }), []);
});

test('blanking keeps every character in its place', () => {
  const text = 'a /* b\nc */ "d\\"e" `f${g + `h${1}`}i` / 2; x = /["/]/; // j\n"k"';
  const { code, codeAndStrings } = blankOut(text);
  assert.is(code, 'a     \n     "    " ` ${g + ` ${1}`} ` / 2; x = /    /;     \n" "');
  assert.is(codeAndStrings, 'a     \n     "d\\"e" `f${g + `h${1}`}i` / 2; x = /["/]/;     \n"k"');
});

const inRoom = (line: string): Record<string, string> => ({ 'pool/Thing.ts': `${SOUND['pool/Thing.ts']}${line}\n` });
const todo = ['TO', 'DO'].join('');
const ownMachine = ['', 'home', 'me'].join('/');
const silenced = ['@ts', 'ignore'].join('-');
const BREACHES: ReadonlyArray<[name: string, files: Record<string, string>, complaint: RegExp]> = [
  ['a long line', inRoom(`// ${'x'.repeat(120)}`), /^pool\/Thing\.ts:6 {2}line-length: 123/],
  ['a long file', inRoom('\n'.repeat(400)), /file-length: 406 lines, limit 400/],
  ['a leftover', inRoom(`// ${todo} later`), /leftover/],
  ['a leftover in a page', { 'docs/a.md': `${todo}: write` }, /^docs\/a\.md:1 {2}leftover/],
  ['a path of one machine', { 'docs/a.md': `see ${ownMachine}/x` }, /machine/],
  ['a private registry', { 'package-lock.json': '"resolved": "https://mirror.example/x.tgz"' }, /registry/],
  ['a name that says nothing', { 'spec/utils.ts': '' }, /say what it does/],
  ['Buffer', inRoom("const b = Buffer.from('');"), /`Buffer\.`; instead/],
  ['console', inRoom('console.log(1);'), /`console\.`/],
  ['chance', inRoom('const r = Math.random();'), /randomness/],
  ['a clock', inRoom('\nconst now = Date.now();'), /^pool\/Thing\.ts:7 .*a clock/],
  ['a timer', inRoom('setTimeout(() => {}, 1);'), /a timer/],
  ['an enum', inRoom('enum E { A }'), /`enum`/],
  ['a const enum', inRoom('const enum E { A }'), /`const enum`/],
  ['a namespace', inRoom('namespace N {}'), /`namespace`/],
  ['any', inRoom('let x: any;'), /`: any`/],
  ['as any', { 'bench/b.ts': 'f(1 as any);' }, /`as any`/],
  ['a list of any', inRoom('const list: Array<any> = [];'), /`<any`/],
  ['a default export', { 'bench/b.ts': 'export default 1;' }, /`export default`/],
  ['a suite cut down to one test', { 'spec/s.ts': "test.only('one', () => {});" }, /the whole suite/],
  ['a silenced compiler', { 'bench/b.ts': `// ${silenced}\n` }, /the right type/],
  ['an export without comment', inRoom('export interface Thong {}\nexport const x: Thong = {};'), /Thong has none/],
  ['a dead export', inRoom('/** Dead. */\nexport const dead = 1;'), /pool\/Thing\.ts:7 {2}dead-export: dead/],
  ['a file named for nothing', { 'bench/Bench.ts': 'export const table = 1;' }, /nothing called Bench/],
  ['a broken link', { 'docs/a.md': 'see\n[this](./b.md)' }, /^docs\/a\.md:2 {2}link: leads nowhere/],
  ['a broken anchor', { 'docs/a.md': '[this](../README.md#start)' }, /no such heading/],
  ['a link out of the house', { 'docs/a.md': '[this](../../x.md)' }, /out of the repository/],
  ['an error nobody described', inRoom("const c = 'ERR_FLYSOCKET_B';"), /ERR_FLYSOCKET_B is not in docs/],
  ['an error nobody throws', { 'docs/errors.md': `${ERRORS}| \`ERR_FLYSOCKET_C\` | |\n` }, /thrown nowhere/],
  ['a limit nobody knows', { 'docs/limits.md': `${LIMITS}| \`maxRest\` | 1 |\n` }, /no room knows maxRest/],
  ['a page of limits without any', { 'docs/limits.md': '# Limits' }, /names no limit/],
];

for (const [name, files, complaint] of BREACHES) {
  test(`finds ${name}`, () => {
    const found = complaints(files);
    assert.ok(
      found.some((line) => complaint.test(line)),
      `${complaint} not in:\n${found.join('\n')}`,
    );
  });
}

test('accepts the anchors that GitHub makes', () => {
  assert.equal(complaints({ 'docs/a.md': '[this](../README.md#the-end), [that](#own-part)\n\n# `Own` part' }), []);
});

test.run();
