import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { RECORD_VERSION } from '../../bench/harness/records/BenchRecord.ts';
import { Calibration } from '../../bench/harness/records/Calibration.ts';
import { compareRecords } from '../../bench/harness/records/compareRecords.ts';
import { machineName, thisMachine } from '../../bench/harness/records/Machine.ts';
import { parseRecord, RecordError, readRecord } from '../../bench/harness/records/readRecord.ts';
import { recordPath } from '../../bench/harness/records/recordPath.ts';
import { toCsv } from '../../bench/harness/records/toCsv.ts';
import { suite } from '../support/suite.ts';
import { madeUpRecord, madeUpRow } from './madeUpRecord.ts';

const test = suite('bench records');

function inFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-record-'));
  try {
    use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a record is read as it was written', () => {
  const written = madeUpRecord([madeUpRow('a', [1, 2, 3])]);
  assert.equal(parseRecord(JSON.stringify(written), 'a.json'), written);
});

test('what is no record is refused, and why is told', () => {
  const good = madeUpRecord([madeUpRow('a', [1, 2, 3])]);
  const text = (more: object): string => JSON.stringify({ ...good, ...more });
  const { noise: _, ...withoutNoise } = good;
  const wrong: [string, RegExp][] = [
    ['', /^a\.json: damaged: /],
    [text({}).slice(0, 100), /^a\.json: damaged: .*JSON/],
    ['[]', /no record: it holds no object/],
    ['null', /no record: it holds no object/],
    ['{}', /no record: its format is undefined/],
    [text({ format: 'other' }), /no record: its format is "other"/],
    [text({ version: RECORD_VERSION + 1 }), /a record of version 3; this reads 2/],
    ['{"date":"2026","machine":{},"results":[],"ratios":[]}', /version 1, which is read no more/],
    [JSON.stringify(withoutNoise), /damaged: no noise/],
    [text({ results: {} }), /damaged: no results/],
    [
      text({ results: [madeUpRow('a', [1]), { ...madeUpRow('b', [1]), median: null }] }),
      /damaged: results\[1\] is no result/,
    ],
    [text({ results: [{ ...madeUpRow('b', [1]), samples: ['1'] }] }), /damaged: results\[0\] is no result/],
    [text({ ratios: [1] }), /damaged: ratios\[0\] is no ratio/],
  ];
  for (const [contents, message] of wrong) {
    assert.throws(
      () => parseRecord(contents, 'a.json'),
      (error: Error) => error instanceof RecordError && message.test(error.message),
      String(message),
    );
  }
  assert.throws(() => readRecord('/no/such/file'), /^\/no\/such\/file: can't be read: ENOENT/);
});

test('every record of this repository is read, or is of the older version', () => {
  const folder = 'bench/record/amd-zen4-2vcpu';
  assert.throws(() => readRecord(join(folder, '2026-11-23.json')), /of version 1/);
});

test('what changed beyond noise is told', () => {
  const speeds = [98, 99, 100, 101, 102];
  const times = speeds.map((speed) => speed / 10);
  const scaled = (values: readonly number[], by: number): number[] => values.map((value) => value * by);
  const before = madeUpRecord([
    madeUpRow('same', speeds),
    madeUpRow('faster', speeds),
    madeUpRow('slower', speeds),
    madeUpRow('noisy', [20, 60, 100, 140, 180]),
    madeUpRow('slightly', speeds),
    madeUpRow('later', times, { unit: 'us p50' }),
    madeUpRow('sooner', times, { unit: 'us p50' }),
    madeUpRow('gone', speeds),
    madeUpRow('allocates', speeds, { bytesPerOp: 0 }),
    madeUpRow('once', [100]),
  ]);
  const after = madeUpRecord([
    madeUpRow('same', speeds),
    madeUpRow('faster', scaled(speeds, 1.5)),
    madeUpRow('slower', scaled(speeds, 0.7)),
    madeUpRow('noisy', [24, 72, 120, 168, 216]),
    madeUpRow('slightly', scaled(speeds, 1.05)),
    madeUpRow('later', scaled(times, 1.5), { unit: 'us p50' }),
    madeUpRow('sooner', scaled(times, 0.5), { unit: 'us p50' }),
    madeUpRow('new', speeds),
    madeUpRow('allocates', speeds, { bytesPerOp: 24 }),
    madeUpRow('once', [50]),
  ]);
  const { changes, onlyBefore, onlyAfter, doubts, threshold } = compareRecords(before, after);
  assert.equal(Object.fromEntries(changes.map(({ contender, verdict }) => [contender, verdict])), {
    same: 'same',
    faster: 'better',
    slower: 'worse',
    noisy: 'same',
    slightly: 'same',
    later: 'worse',
    sooner: 'better',
    allocates: 'same',
    once: 'worse',
  });
  const faster = changes.find(({ contender }) => contender === 'faster');
  assert.is(faster?.ratio, 1.5);
  assert.ok((faster?.interval?.low as number) > 1.4 && (faster?.interval?.high as number) < 1.6);
  assert.equal(changes.find(({ contender }) => contender === 'allocates')?.bytesPerOp, [0, 24]);
  assert.is(changes.find(({ contender }) => contender === 'once')?.interval, undefined);
  assert.equal(onlyBefore, ['room/what: gone, operations/s']);
  assert.equal(onlyAfter, ['room/what: new, operations/s']);
  assert.ok(threshold > 0.056 && threshold < 0.057, 'the noise of both: twice 4 %, at right angles');
  assert.equal(doubts, []);
});

test('records of different machines are compared with doubt', () => {
  const before = madeUpRecord([]);
  const machine = { ...before.machine, cpu: 'other', node: '22' };
  const { doubts } = compareRecords(
    before,
    madeUpRecord([], { machine, quick: true, noise: { loopMs: 3, spread: 0 } }),
  );
  assert.is(doubts[0], 'cpu: some before, other after');
  assert.is(doubts[1], 'node: 20 before, 22 after');
  assert.match(doubts[2] as string, /quick run/);
  assert.match(doubts[3] as string, /1\.50 times as long/);
});

test('a table for spreadsheets', () => {
  const rows = [
    madeUpRow('a, "b"', [1, 2, 3], { heapBytesPerOp: 8, arrayBufferBytesPerOp: 0.5, collectionsPerMillion: 2 }),
    madeUpRow('plain', [4], { max: Number.NaN }),
  ];
  assert.is(
    toCsv(rows),
    'group,contender,unit,median,min,max,heapBytesPerOp,arrayBufferBytesPerOp,collectionsPerMillion\r\n' +
      'room/what,"a, ""b""",operations/s,2,1,3,8,0.5,2\r\n' +
      'room/what,plain,operations/s,4,4,,,,\r\n',
  );
});

test('a record is never written over', () => {
  inFolder((folder) => {
    const date = new Date('2026-11-23T23:59:59Z');
    const first = recordPath(folder, '.', date);
    assert.is(first, join(folder, '2026-11-23.json'));
    writeFileSync(first, '1');
    const second = recordPath(folder, '.', date);
    assert.is(second, join(folder, '2026-11-23-2.json'));
    writeFileSync(second, '2');
    assert.is(recordPath(folder, '.', date), join(folder, '2026-11-23-3.json'));
    assert.is(readFileSync(first, 'utf8'), '1');
  });
});

test('machines have names that are folders', () => {
  const machine = { ...madeUpRecord([]).machine, cores: 8 };
  assert.is(machineName({ ...machine, cpu: 'AMD EPYC' }), 'amd-epyc-8-cores');
  assert.is(machineName({ ...machine, cpu: 'Intel(R) Core(TM) i7-8700 CPU @ 3.20GHz' }), 'intel-core-i7-8700-8-cores');
  assert.match(machineName(thisMachine()), /^[a-z0-9]+(-[a-z0-9]+)*$/);
});

test('noise is how the same loop differs', () => {
  const calibration = new Calibration();
  calibration.sample();
  const { loopMs, spread } = calibration.noise();
  assert.ok(loopMs > 0 && Number.isFinite(spread) && spread >= 0, `${loopMs} ${spread}`);
});

test.run();
