import * as assert from 'uvu/assert';
import { type RunOptions, runSpecs, type SpecResult, summaryLine } from '../../tools/run-specs.ts';
import { madeUpTree } from '../support/madeUpTree.ts';
import { suite } from '../support/suite.ts';

const test = suite('run-specs');

const UVU = import.meta.resolve('uvu');
const GUARDED = new URL('../support/suite.js', import.meta.url).href;
const spec = (body: string, from = UVU): string =>
  `import { suite } from '${from}'; const test = suite('made up'); ${body}; test.run();`;

async function run(specs: Record<string, string>, options?: Partial<RunOptions>): Promise<SpecResult[]> {
  const files = Object.fromEntries(Object.entries(specs).map(([name, text]) => [`spec/${name}.spec.js`, text]));
  return madeUpTree({ 'package.json': '{"type":"module"}', ...files }, (root) => runSpecs({ root, ...options }));
}

async function runOne(text: string, options?: Partial<RunOptions>): Promise<SpecResult> {
  const [result] = await run({ a: text }, options);
  return result as SpecResult;
}

test('counts what passed, failed and was skipped', async () => {
  const results = await run({
    'b/good': spec("test('a', () => {}); test('b', async () => {}); test.skip('c')"),
    'a/bad': spec("test('a', () => {}); test('b', () => { throw new Error('this one') })"),
  });
  assert.equal(
    results.map(({ file, passed, failed, skipped, failure }) => [file, passed, failed, skipped, failure]),
    [
      ['spec/a/bad.spec.js', 1, 1, 0, '1 of 2 tests failed'],
      ['spec/b/good.spec.js', 2, 0, 1, undefined],
    ],
  );
  assert.match((results[0] as SpecResult).output, 'this one');
  assert.is(summaryLine(results), '3 passed, 1 failed, 1 skipped');
});

test('runs what matches a filter', async () => {
  const one = spec("test('a', () => {})");
  const results = await run({ 'x/ring': one, 'x/pool': one, 'ring/y': one }, { filters: ['ring'], serial: true });
  assert.equal(
    results.map(({ file }) => file),
    ['spec/ring/y.spec.js', 'spec/x/ring.spec.js'],
  );
});

test('runs what needs a browser only if asked', async () => {
  const one = spec("test('a', () => {})");
  const files = { 'browser/ring': one, ring: one };
  for (const [filters, expected] of [
    [[], ['spec/ring.spec.js']],
    [['ring'], ['spec/ring.spec.js']],
    [['spec/browser'], ['spec/browser/ring.spec.js']],
  ] as const) {
    const results = await run(files, { filters });
    assert.equal(
      results.map(({ file }) => file),
      expected,
    );
  }
});

test('a file whose event loop runs empty under a test has failed', async () => {
  const result = await runOne(spec("test('waits', () => new Promise(() => {}))"));
  assert.is(result.failed, 1);
  assert.is(result.failure, 'ended with code 1');
});

test('a file that leaves without a word has failed', async () => {
  const result = await runOne(spec("test('leaves', () => process.reallyExit(0))"));
  assert.is(result.failure, 'ended early: it left no closing lines');
});

test('a file without a test has failed', async () => {
  assert.is((await runOne(spec(''))).failure, 'ran no test');
});

test('a file that skips all its tests by name has not', async () => {
  const { failure, skipped } = await runOne(spec("test.skip('a')"));
  assert.equal([failure, skipped], [undefined, 1]);
});

test('a file that cannot be loaded has failed', async () => {
  const result = await runOne('import "./nowhere.js";');
  assert.is(result.failure, 'ended with code 1');
  assert.match(result.output, 'ERR_MODULE_NOT_FOUND');
});

test('a suite whose preparation fails has failed', async () => {
  const result = await runOne(spec("test.before(() => { throw new Error('no') }); test('a', () => {})"));
  assert.is(result.failure, '1 of 1 tests failed');
});

test('a file that blocks its thread is ended at its limit', async () => {
  const result = await runOne(spec("test('spins', () => { for (;;); })"), { limitMs: 700 });
  assert.is(result.failure, 'hung: still running after 700 ms');
  assert.is(result.failed, 1);
});

test('a file that leaves something running is ended and has failed', async () => {
  const result = await runOne(spec("test('a', () => { setInterval(() => {}, 1000) })"), { graceMs: 300 });
  assert.match(result.failure as string, 'closed its suite but did not end within 300 ms');
  assert.equal([result.passed, result.failed], [1, 1]);
});

test('a test that hangs is failed by name', async () => {
  const result = await runOne(spec("test('waits', () => new Promise(() => {}), { timeoutMs: 50 })", GUARDED));
  assert.is(result.failure, '1 of 1 tests failed');
  assert.match(result.output, 'test hung: "made up: waits" did not settle within 50 ms');
});

test('specs get the garbage collector and no standard input', async () => {
  const body =
    "test('a', () => { if (!gc) throw Error(); return new Promise((end) => process.stdin.on('end', end).resume()) })";
  assert.is((await runOne(spec(body, GUARDED))).failure, undefined);
});

test.run();
