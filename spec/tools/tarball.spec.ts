import * as assert from 'uvu/assert';
import { checkTarball, whatIsWrongWith } from '../../tools/tarball.ts';
import { describeViolation } from '../../tools/Violation.ts';
import { madeUpTree } from '../support/madeUpTree.ts';
import { suite } from '../support/suite.ts';

const test = suite('tarball');

const SOUND = {
  'package.json': JSON.stringify({
    exports: { './pool': { types: './dist/pool.d.ts', default: './dist/pool.js' }, './package.json': './package.json' },
  }),
  'README.md': '',
  LICENSE: '',
  'dist/pool.js': '',
  'dist/pool.d.ts': '',
};

test(
  'what would be published can be imported and type checked',
  () => {
    assert.equal(checkTarball('.').map(describeViolation), []);
  },
  { timeoutMs: 90_000 },
);

test('finds what a package lacks, and what has no place in it', () => {
  assert.equal(madeUpTree(SOUND, whatIsWrongWith), []);
  const { LICENSE, 'dist/pool.d.ts': _, ...rest } = SOUND;
  assert.equal(madeUpTree({ ...rest, 'dist/pool.spec.js': '', 'pool/Pool.ts': '' }, whatIsWrongWith).sort(), [
    'has dist/pool.spec.js',
    'has pool/Pool.ts',
    'lacks ./dist/pool.d.ts',
    'lacks LICENSE',
  ]);
  const dependent = { ...SOUND, 'package.json': JSON.stringify({ dependencies: { leftpad: '1' } }) };
  assert.equal(madeUpTree(dependent, whatIsWrongWith), ['depends on leftpad']);
});

test.run();
