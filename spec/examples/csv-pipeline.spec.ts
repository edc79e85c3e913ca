import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countedPoolOfThisThread } from 'flysocket/shm-transport';
import { WorkerPool } from 'flysocket/workers';
import * as assert from 'uvu/assert';
import { blocksOf } from '../../examples/csv-pipeline/blocksOf.ts';
import { plainTotals } from '../../examples/csv-pipeline/plainTotals.ts';
import { recordsIn } from '../../examples/csv-pipeline/recordsIn.ts';
import { Totals } from '../../examples/csv-pipeline/Totals.ts';
import { writeOrders } from '../../examples/csv-pipeline/writeOrders.ts';
import { suite } from '../support/suite.ts';

const test = suite('csv-pipeline');
const PROGRAM = fileURLToPath(new URL('../../examples/csv-pipeline/main.js', import.meta.url));
const TIMEOUT_MS = 20_000;

function csvPipeline(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8', timeout: TIMEOUT_MS });
}

/** Runs `use` with the path of a file of that text. */
async function withFile(text: string, use: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'csv-pipeline-spec-'));
  try {
    const path = join(folder, 'file.csv');
    writeFileSync(path, text);
    await use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The blocks of a file, as text. */
async function blocksIn(path: string, length: number): Promise<string[]> {
  const pool = new WorkerPool({ minThreads: 0, maxThreads: 1 });
  const texts: string[] = [];
  for await (const block of blocksOf(path, length, pool)) {
    texts.push(Buffer.from(block.buffer.bytes.subarray(block.offset, block.offset + block.length)).toString());
    block.release();
  }
  await pool.destroy();
  return texts;
}

test(
  'the threads find what a plain computation finds',
  () => {
    const { status, stdout, stderr } = csvPipeline('--rows', '12000', '--threads', '2', '--block-kb', '16');
    assert.is(stderr, '');
    assert.match(stdout, /^Austria +\d+ orders +\d+ items +\d+\.\d\d\n/);
    assert.match(stdout, '2 orders can\'t be read\n  order 4999: the quantity is "some"\n  order 9998');
    assert.match(stdout, /MB in 2 threads: \d+ MB\/s\nA plain computation finds the same\.\n$/);
    assert.is(status, 0);
  },
  { timeoutMs: TIMEOUT_MS },
);

test('wrong arguments, and help', () => {
  for (const args of [['--rows', '0'], ['--threads', 'x'], ['--block-kb', '5000'], ['--nothing']]) {
    const { status, stderr } = csvPipeline(...args);
    assert.is(status, 2);
    assert.match(stderr, args[0] as string);
  }
  assert.match(csvPipeline('--help').stdout, '--block-kb N');
});

test('blocks are whole lines, and all of the file', () =>
  withFile('one\ntwo\n\nthree and more\nlast, without an end', async (path) => {
    for (const length of [21, 22, 32, 100]) {
      const blocks = await blocksIn(path, length);
      assert.ok(blocks.every((block) => block.length === length));
      const lines = blocks.flatMap((block) => block.split('\n').filter((line) => line !== ''));
      assert.equal(lines, ['one', 'two', 'three and more', 'last, without an end']);
    }
    const error = await blocksIn(path, 12).catch((thrown) => thrown);
    assert.is(error.message, 'a line is longer than a block of 12 bytes');
    countedPoolOfThisThread().assertQuiescent();
  }));

test('records: quotes, commas within them, empty fields', () => {
  const text = '\na,b\n"x,y",z\n"say ""hi""",,\n\n,\n"open,end';
  assert.equal([...recordsIn(text)], [['a', 'b'], ['x,y', 'z'], ['say "hi"', '', ''], ['', ''], ['open,end']]);
});

test('totals show a difference', () => {
  const both = [new Totals(), new Totals()] as const;
  const countries = new Map([['Austria', { orders: 1, quantity: 2, cents: 300 }]]);
  for (const totals of both) totals.add({ kind: 'sums', countries });
  assert.is(both[0].toString(), both[1].toString());
  both[1].add({ kind: 'fault', order: '7', why: 'it has 2 fields' });
  assert.is.not(both[0].toString(), both[1].toString());
});

test('the orders are the same each time, and have faults', () =>
  withFile('', async (path) => {
    await writeOrders(path, 5_000);
    const text = readFileSync(path, 'utf8');
    assert.is(text.split('\n').length, 5_002);
    await writeOrders(path, 5_000);
    assert.is(readFileSync(path, 'utf8'), text);
    assert.match((await plainTotals(path)).toString(), "1 orders can't be read");
  }));

test.run();
