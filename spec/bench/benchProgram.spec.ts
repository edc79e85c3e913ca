import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { parseBenchArguments } from '../../bench/harness/program/parseBenchArguments.ts';
import { UsageError } from '../../bench/harness/program/UsageError.ts';
import type { BenchRecord } from '../../bench/harness/records/BenchRecord.ts';
import { suite } from '../support/suite.ts';

const test = suite('benchProgram');
const PROGRAM = fileURLToPath(new URL('./troubledProgram.js', import.meta.url));
const TIMEOUT_MS = 60_000;

function bench(cwd: string, ...args: string[]) {
  return spawnSync(process.execPath, [PROGRAM, ...args], { cwd, encoding: 'utf8', timeout: TIMEOUT_MS });
}

function inFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-program-'));
  try {
    use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const names = ({ results }: BenchRecord): string[] => results.map(({ group, contender }) => `${group} ${contender}`);

test(
  'what throws, hangs, dies or is wrong is named; the others are measured; the exit code is 1',
  () => {
    inFolder((folder) => {
      const { status, stdout, stderr } = bench(folder, '--quick', '--only', 'troubled', '--json');
      assert.is(status, 1, stderr);
      const record = JSON.parse(stdout) as BenchRecord;
      assert.equal(names(record), ['troubled/wrong good', 'troubled/ends good']);
      const lines = record.failures.map(({ group, contender, message }) => `${group} ${contender}: ${message}`);
      assert.equal(lines, [
        'troubled/wrong throwing: fails while warming up: it throws',
        'troubled/wrong wrong: fails while checking its answers: 4 instead of 5',
        'troubled/ends hanging: hangs while warming up: not done within 4000 ms',
        'troubled/ends dying: fails while warming up: the process ended with code 3',
        'troubled/none undefined: fails while making its contenders: nobody there',
        'troubled/figure blank: fails: no figure in operations/s',
      ]);
      assert.equal(record.skipped, ['absent: why not']);
      assert.match(stderr, /6 failed:\n {2}troubled\/wrong: throwing fails while warming up: it throws\n/);
      assert.match(stderr, /skipped: absent: why not/);
      assert.not.match(stderr, / left {2}/, 'no progress in a file');
    });
  },
  { timeoutMs: TIMEOUT_MS },
);

test(
  'a sound run makes a record, which can be compared',
  () => {
    inFolder((folder) => {
      const files = ['--json', 'out/all.json', '--csv', 'all.csv', '--record', 'some-machine'];
      const { status, stdout, stderr } = bench(folder, '--quick', '--only=sound', ...files);
      assert.is(status, 0, stderr);
      assert.match(stdout, /sound\/one .*\n.*heap B\/op +buffer B\/op +GC\/Mop\ngood /);
      assert.match(stdout, /load average .* before, .* after; noise /);
      const [recorded = ''] = readdirSync(join(folder, 'record/some-machine'));
      assert.match(recorded, /^\d{4}-\d\d-\d\d\.json$/);
      const text = readFileSync(join(folder, 'out/all.json'), 'utf8');
      assert.is(readFileSync(join(folder, 'record/some-machine', recorded), 'utf8'), text);
      const record = JSON.parse(text) as BenchRecord;
      assert.equal(names(record), ['sound/one good', 'sound/one rival']);
      assert.ok((record.results[0]?.bytesPerOp as number) < 8, `${record.results[0]?.bytesPerOp}`);
      assert.is(readFileSync(join(folder, 'all.csv'), 'utf8').split('\r\n').length, 4);

      const same = bench(folder, 'compare', 'out/all.json', 'out/all.json', '--strict');
      assert.is(same.status, 0, same.stderr);
      assert.match(same.stdout, /0 better, 0 worse, 2 within noise/);

      const slow = record.results.map((row) => ({ ...row, median: row.median / 1e3, samples: [1, 1, 1] }));
      writeFileSync(join(folder, 'slow.json'), JSON.stringify({ ...record, results: slow }));
      const worse = bench(folder, 'compare', 'out/all.json', 'slow.json');
      assert.is(worse.status, 0, worse.stderr);
      assert.match(worse.stdout, /WORSE/);
      assert.is(bench(folder, 'compare', 'out/all.json', 'slow.json', '--strict').status, 1);

      writeFileSync(join(folder, 'damaged.json'), text.slice(0, 200));
      const damaged = bench(folder, 'compare', 'out/all.json', 'damaged.json');
      assert.is(damaged.status, 1);
      assert.match(damaged.stderr, /^damaged\.json: damaged: /);
      writeFileSync(join(folder, 'future.json'), text.replace('"version": 2', '"version": 9'));
      const future = bench(folder, 'compare', 'future.json', 'out/all.json');
      assert.is(future.status, 1);
      assert.match(future.stderr, /^future\.json: a record of version 9; this reads 2/);
    });
  },
  { timeoutMs: TIMEOUT_MS },
);

test(
  'a missed goal is an error with --strict, and with a factor only one that is missed by more',
  () => {
    const missed = (...strict: string[]): [number | null, string[]] => {
      const { status, stderr } = bench('.', '--quick', '--only', 'goals', ...strict);
      const [, lines = ''] = /\n(goals missed.*)/s.exec(stderr) ?? [];
      return [status, lines.trim().split(/\n */)];
    };
    const [near, far, bytes] = [
      'goals/all: near: 5, goal >= 15',
      'goals/all: far: 300, goal <= 10',
      'goals/all: bytes: 20, goal <= 0',
    ];
    assert.equal(missed(), [0, ['']]);
    assert.equal(missed('--strict'), [1, ['goals missed: 3', near, far, bytes]]);
    assert.equal(missed('--strict', '1'), [1, ['goals missed: 3', near, far, bytes]]);
    assert.equal(missed('--strict=10'), [1, ['goals missed by more than 10 times: 2', far, bytes]]);
    assert.equal(missed('--strict', '20'), [1, ['goals missed by more than 20 times: 1', far]]);
    assert.equal(missed('--strict', '30'), [0, ['']]);
  },
  { timeoutMs: TIMEOUT_MS },
);

test('groups are listed', () => {
  const { status, stdout } = bench('.', '--list', '--only', 'ends,sound');
  assert.is(status, 0);
  assert.is(stdout, 'sound/one\ntroubled/ends\n');
});

test('wrong arguments end it with 2, and what there is is told', () => {
  const { status, stdout, stderr } = bench('.', '--only', 'sound,nonsense');
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.match(stderr, /^no group is named so: nonsense\nthere are:\n {2}sound\/one\n {2}troubled\/wrong\n/);
  assert.match(stderr, /\nArguments:\n/);
});

test('wrong arguments are named', () => {
  const wrong: [string[], RegExp][] = [
    [['--fast'], /^Unknown option '--fast'/],
    [['--only'], /'--only <value>' argument missing/],
    [['--json', '--csv'], /cannot both go to standard output/],
    [['--record', '../elsewhere'], /--record takes the name of a machine, which is no path/],
    [['measure'], /^no such command: measure; there is: compare BEFORE AFTER/],
    [['--strict', 'a.json'], /^--strict takes a factor, which is a number from 1 on: a\.json/],
    [['--strict', '0.5'], /: 0\.5$/],
    [['--strict='], /from 1 on: $/],
    [['--strict=Infinity'], /from 1 on: Infinity/],
    [['compare', 'a', 'b', '--strict=2'], /^--strict takes no factor in a comparison/],
    [['compare', 'one.json'], /^compare takes two records/],
  ];
  for (const [args, message] of wrong) {
    assert.throws(
      () => parseBenchArguments(args),
      (error: Error) => error instanceof UsageError && message.test(error.message),
      args.join(' '),
    );
  }
});

test('a factor may be left out', () => {
  const strictOf = (...args: string[]): number | undefined => parseBenchArguments(args).strict;
  assert.equal([strictOf(), strictOf('--strict'), strictOf('--strict', '--quick')], [undefined, 1, 1]);
  assert.equal([strictOf('--strict', '10', '--quick'), strictOf('--strict=2.5')], [10, 2.5]);
  const comparison = parseBenchArguments(['--strict', 'compare', 'a', 'b']);
  assert.equal([comparison.strict, comparison.compare], [1, ['a', 'b']]);
  assert.equal([parseBenchArguments(['compare', '--strict', 'a', 'b']).compare], [['a', 'b']]);
});

test('files may be left out', () => {
  const { json, csv, record, quick } = parseBenchArguments(['--json', '--csv', 'a.csv', '--record', '--quick']);
  assert.equal({ json, csv, record, quick }, { json: '-', csv: 'a.csv', record: '', quick: true });
  const none = parseBenchArguments(['--only', 'a,b', '--only=c']);
  assert.equal([none.json, none.record, none.only], [undefined, undefined, ['a', 'b', 'c']]);
  assert.equal(parseBenchArguments(['compare', 'a', 'b']).compare, ['a', 'b']);
});

test.run();
