import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { parseArguments } from '../../examples/word-index/arguments.ts';
import { firstDifference } from '../../examples/word-index/firstDifference.ts';
import { MergedIndex } from '../../examples/word-index/MergedIndex.ts';
import { WordIndex } from '../../examples/word-index/WordIndex.ts';
import { suite } from '../support/suite.ts';

const test = suite('word-index');
const PROGRAM = fileURLToPath(new URL('../../examples/word-index/main.js', import.meta.url));
const TIMEOUT_MS = 20_000;

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function wordIndex(...args: string[]): Outcome {
  return spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8', timeout: TIMEOUT_MS });
}

/** Runs `use` with a folder that holds `files`, by their paths below it. */
function inFolderOf(files: Record<string, string>, use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'word-index-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const TEXTS = {
  'a/plain.txt': 'The cat saw the other cat.\nIt was a_cat_2, not\n\nthe dog\n',
  'a/no-newline.txt': 'first\nlast line',
  'a/b/crlf.txt': 'one\r\nTWO two\r\n\r\n',
  'a/b/empty.txt': '',
  'a/b/newlines.txt': '\n\n\n',
  'long-line.txt': `${'Megabyte line '.repeat(75_000)}\nshort\n`,
  'longer-line-without-end.txt': `${'x'.repeat(64)} ${'y'.repeat(65)} ${'zz '.repeat(30_000)}`,
  'many-lines.txt': Array.from({ length: 6_000 }, (_, i) => `${'-'.repeat(i % 97)} word${i % 1000} é${i}`).join('\n'),
};
const BINARIES = { 'a/binary.bin': 'text\0and more text\n', 'a/only-nul': '\0' };

/** The same by split strings: the words and how often each occurs, of 2 to 64 bytes. */
function occurrencesIn(texts: string[]): Map<string, number> {
  const occurrences = new Map<string, number>();
  for (const text of texts) {
    for (const word of text.split(/[^\w\u0080-\uffff]+/)) {
      const length = Buffer.byteLength(word);
      if (length < 2 || length > 64) continue;
      const folded = word.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
      occurrences.set(folded, (occurrences.get(folded) ?? 0) + 1);
    }
  }
  return occurrences;
}

function linesIn(text: string): number {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.length - 1 : lines.length;
}

const format = (n: number): string => n.toLocaleString('en-US');

test(
  'all ways agree, and with a simple count',
  () => {
    inFolderOf({ ...TEXTS, ...BINARIES }, (folder) => {
      symlinkSync(join(folder, 'a'), join(folder, 'link'));
      const texts = Object.values(TEXTS);
      const { status, stdout, stderr } = wordIndex(folder, '--workers', '2', '--json');
      assert.is(status, 0, stderr);
      const report = JSON.parse(stdout.trimEnd().split('\n').at(-1) as string);
      assert.is(report.files, texts.length);
      assert.is(
        report.lines,
        texts.reduce((sum, text) => sum + linesIn(text), 0),
      );
      assert.is(
        report.bytes,
        texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
      );
      assert.is(report.verified, true);
      assert.equal(
        report.ways.map(({ name }: { name: string }) => name),
        ['flysocket', 'postMessage, a line each', 'postMessage, batches by hand', 'one thread'],
      );
      for (const way of report.ways) {
        for (const field of ['seconds', 'linesPerSecond', 'megabytesPerSecond', 'peakRssMegabytes'])
          assert.ok(way[field] > 0, `${way.name}: ${field}`);
      }
      const occurrences = occurrencesIn(texts);
      const words = [...occurrences.values()].reduce((sum, n) => sum + n, 0);
      const sums = `${format(texts.length)} files, ${format(words)} words, ${format(occurrences.size)} different`;
      const agreed = `all answers agree: ${sums}`;
      assert.ok(stderr.includes(agreed), `${agreed} in\n${stderr}`);
      const frequent = [...occurrences].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 10);
      const named = frequent.map(([word, n]) => `${word} ${format(n)}`).join(', ');
      assert.ok(stderr.includes(`most frequent words: ${named}\n`), `${named} in\n${stderr}`);
      assert.ok(stderr.includes('left out: 2 not text'), stderr);
    });
  },
  { timeoutMs: TIMEOUT_MS },
);

test('a difference is found and named', () => {
  const merge = (text: string): MergedIndex => {
    const index = new WordIndex();
    const merged = new MergedIndex(() => {});
    index.addLine(Buffer.from(text), 0, text.length);
    merged.addAnswer(index.endFile(0));
    merged.words.addColumns(index.table.toColumns());
    return merged;
  };
  const files = [{ path: 'f', length: 7 }];
  const difference = (a: MergedIndex, b: MergedIndex): string | undefined => firstDifference(files, 'A', a, 'B', b);
  assert.is(difference(merge('one two'), merge('one two')), undefined);
  assert.is(difference(merge('one two'), merge('one.two.')), 'bytes of f: A says 7, B says 8');
  assert.match(difference(merge('one two'), merge('one twO')) as string, /^checksum of f: A says \d+, B says \d+$/);
  const other = merge('one two');
  other.words.add(Buffer.from('three'), 0, 5, 1);
  assert.is(difference(merge('one two'), other), 'different words: A says 2, B says 3');
  assert.is(difference(other, merge('one two')), 'occurrences of "three": A says 1, B says 0');
  assert.is(difference(other, new MergedIndex(() => {})), 'lines of f: A says 1, B says nothing');
});

test('takes no more than the limit', () => {
  inFolderOf({ 'a.txt': 'x'.repeat(600_000), 'b.txt': 'y'.repeat(600_000), 'c.txt': 'fits\n' }, (folder) => {
    const { status, stdout, stderr } = wordIndex(folder, '--limit-mb', '1', '--json');
    assert.is(status, 0, stderr);
    const { files, bytes, verified } = JSON.parse(stdout);
    assert.equal({ files, bytes, verified }, { files: 2, bytes: 600_005, verified: true });
    assert.ok(stderr.includes('1 beyond the limit'), stderr);
  });
});

test('an empty folder is nothing to verify', () => {
  inFolderOf({}, (folder) => {
    const { status, stdout, stderr } = wordIndex(folder, '--json');
    assert.is(status, 0, stderr);
    const { files, lines, bytes, verified, ways } = JSON.parse(stdout);
    assert.equal({ files, lines, bytes, verified, ways }, { files: 0, lines: 0, bytes: 0, verified: false, ways: [] });
  });
});

test('wrong arguments are named', () => {
  const wrong: [string[], string][] = [
    [['/no/such/folder'], 'no such folder: /no/such/folder'],
    [['.', '--workers', '0'], '--workers is a whole number from 1 to 64: 0'],
    [['.', '--workers', 'two'], '--workers is a whole number from 1 to 64: two'],
    [['.', '--limit-mb', '-1'], '--limit-mb'],
    [['.', '--limit-mb', '4001'], '--limit-mb is a whole number from 1 to 4000: 4001'],
    [['.', '--colour'], "Unknown option '--colour'"],
    [['.', '..'], 'one folder at most: . ..'],
  ];
  for (const [args, message] of wrong) {
    assert.throws(
      () => parseArguments(args),
      (error: Error) => error.message.includes(message),
      args.join(' '),
    );
  }
});

test('wrong arguments end it with 2', () => {
  const { status, stdout, stderr } = wordIndex('--workers', '0', '--json');
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.match(stderr, /^--workers is a whole number/);
});

test.run();
