import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { RecordError } from '../../bench/harness/records/readRecord.ts';
import { claims, everyFigure } from '../../bench/report/claims.ts';
import { drawSvg } from '../../bench/report/drawSvg.ts';
import { Evidence } from '../../bench/report/Evidence.ts';
import { evidenceMarkdown } from '../../bench/report/evidenceMarkdown.ts';
import { axisText, ratioText } from '../../bench/report/figures/axisText.ts';
import { labelShifts } from '../../bench/report/figures/labelShifts.ts';
import { apart } from '../../bench/report/figures/lineChart.ts';
import { logDomain, logTicks } from '../../bench/report/figures/logTicks.ts';
import { placesOf } from '../../bench/report/figures/memoryFigure.ts';
import { findRecords, readRecords } from '../../bench/report/findRecords.ts';
import { goalLines } from '../../bench/report/goals.ts';
import { headlineLines } from '../../bench/report/headlineLines.ts';
import { headlines } from '../../bench/report/headlines.ts';
import { withReadmeTable } from '../../bench/report/readmeTable.ts';
import { suite } from '../support/suite.ts';
import { madeUpRatio, madeUpRecord, madeUpRow } from './madeUpRecord.ts';

const test = suite('bench report');

const PROGRAM = '.build/bench/report/main.js';
const RECORDS = 'bench/record';
/** The machine that the documentation tells of. */
const MACHINE = 'amd-zen4-2vcpu';
const REPORT_TIMEOUT_MS = 20_000;

function inFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-report-'));
  try {
    use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('takes each group from the last record that has it', () => {
  const old = madeUpRecord([madeUpRow('ours', [1]), madeUpRow('ours', [2], { group: 'room/else' })], {
    ratios: [madeUpRatio('ours / theirs', 1)],
    skipped: ['nats: not installed'],
  });
  const late = madeUpRecord([madeUpRow('ours', [3])], { ratios: [madeUpRatio('ours / theirs', 2)] });
  const evidence = new Evidence([old, late]);
  assert.equal(evidence.groups, ['room/what', 'room/else']);
  assert.is(evidence.row('room/what', 'ours')?.median, 3);
  assert.is(evidence.row('room/else', 'ours')?.median, 2);
  assert.equal(
    evidence.ratios('room/').map(({ value }) => value),
    [2],
  );
  assert.equal(evidence.records, [old, late]);
  assert.equal(evidence.skipped, ['nats: not installed']);
  assert.equal(new Evidence([late, late]).records.length, 2);
  assert.is(evidence.row('room/what', 'theirs'), undefined);
});

test('finds the records of the machine measured last, and says which it cannot read', () => {
  inFolder((folder) => {
    const write = (machine: string, file: string, contents: unknown): void => {
      mkdirSync(join(folder, machine), { recursive: true });
      writeFileSync(join(folder, machine, file), typeof contents === 'string' ? contents : JSON.stringify(contents));
    };
    const at = (date: string): object => madeUpRecord([madeUpRow('ours', [1])], { date });
    write('slow', 'a.json', at('2026-11-20T10:00:00.000Z'));
    write('fast', 'b.json', at('2026-11-22T10:00:00.000Z'));
    write('fast', 'c.json', at('2026-11-21T10:00:00.000Z'));
    write('fast', 'd.json', '{ "results": [] }');
    const { records, refused } = findRecords(folder);
    assert.equal(
      records.map(({ date }) => date.slice(8, 10)),
      ['21', '22'],
    );
    assert.is(refused.length, 1);
    assert.match(refused[0] as string, /d\.json: a record of version 1/);
    assert.is(findRecords(folder, 'slow').records.length, 1);
    assert.throws(
      () => findRecords(join(folder, 'nothing')),
      (error: unknown) => error instanceof RecordError && /no record that can be read/.test(error.message),
    );
    assert.throws(
      () => findRecords(folder, 'unknown'),
      (error: unknown) => error instanceof RecordError && /unknown: no record that can be read/.test(error.message),
    );
    const other = madeUpRecord([], { machine: { ...madeUpRecord([]).machine, cores: 64 } });
    write('large', 'e.json', other);
    assert.throws(
      () => readRecords([join(folder, 'slow', 'a.json'), join(folder, 'large', 'e.json')]),
      (error: unknown) => error instanceof RecordError && /several machines: .*2 cores.*64 cores/.test(error.message),
    );
  });
});

test('says by how much a goal is missed', () => {
  const ratios = [
    madeUpRatio('fast', 30, { goal: 20, interval: { low: 25, high: 35 } }),
    madeUpRatio('slow', 5, { goal: 20 }),
    madeUpRatio('large', 108, { goal: 90, lowerIsBetter: true, unit: 'MB' }),
    madeUpRatio('allocates', 8, { goal: 0, lowerIsBetter: true, unit: 'B/op' }),
    madeUpRatio('only told', 8),
  ];
  const lines = goalLines(new Evidence([madeUpRecord([madeUpRow('ours', [1])], { ratios })]), ['room/']);
  assert.equal(
    lines.map(({ reached, interval, goal, verdict }) => [reached, interval, goal, verdict]),
    [
      ['30', '25 to 35', 'at least 20', 'met'],
      ['5', '', 'at least 20', 'missed: 25 % of it'],
      ['108 MB', '', 'at most 90 MB', 'missed: 1.20 times as much'],
      ['8 B/op', '', 'at most 0 B/op', 'missed: 8 too much'],
    ],
  );
});

test('ticks are round, and no more than there is room for', () => {
  assert.equal(logTicks(8, 250, 5), [10, 20, 50, 100, 200]);
  assert.equal(logTicks(8, 250, 4), [10, 30, 100]);
  assert.equal(logTicks(1, 1e9, 4), [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]);
  assert.equal(logTicks(0.2, 2, 9), [0.2, 0.3, 0.5, 0.7, 1, 2]);
  assert.equal(logDomain([10, 1000], 8), [10, 1000]);
  assert.equal(logDomain([100, 100], 4), [50, 200]);
  assert.equal([1, 1500, 20e3, 3e6, 1e9, 0.05].map(axisText), ['1', '1.5k', '20k', '3M', '1G', '0.05']);
  assert.equal([0.2, 1, 1000].map(ratioText), ['1/5', '1x', '1kx']);
});

test('labels that want the same place go apart, and about where they wanted to be', () => {
  assert.equal(apart([100, 20, 60]), [0, 0, 0]);
  const wanted = [50, 50, 52, 120];
  const places = apart(wanted).map((shift, index) => (wanted[index] as number) + shift);
  const sorted = [...places].sort((a, b) => a - b);
  for (let i = 1; i < sorted.length; i++)
    assert.ok((sorted[i] as number) - (sorted[i - 1] as number) > 14.9, places.join());
  assert.is(places[3], 120);
  assert.ok((sorted[0] as number) < 50, places.join());
});

test('labels of points move only if they lie on each other', () => {
  const box = (left: number, middle: number): { left: number; right: number; middle: number } => {
    return { left, right: left + 50, middle };
  };
  assert.equal(labelShifts([box(0, 100), box(60, 100), box(0, 130)]), [0, 0, 0]);
  assert.equal(labelShifts([box(0, 105), box(40, 100), box(80, 112)]), [10, 0, 3]);
});

test('memory is that of the largest process, whatever its neighbours are called', () => {
  const group = 'rps-in-92mb/tcp';
  const rate = (contender: string, value: number): ReturnType<typeof madeUpRow> =>
    madeUpRow(contender, [value], { group, unit: 'requests/s' });
  const memory = (contender: string, value: number): ReturnType<typeof madeUpRow> =>
    madeUpRow(contender, [value], { group, unit: 'MB RSS at most' });
  const evidence = new Evidence([
    madeUpRecord([
      rate('ours, 16 in flight', 1),
      rate('ours, 256 in flight', 2),
      memory('ours, client', 60),
      memory('ours, server', 70),
      rate('ours, in less, 256 in flight', 3),
      memory('ours, in less, client', 50),
      rate('without memory, 256 in flight', 3),
    ]),
  ]);
  assert.equal(placesOf(evidence, group, 256), [
    { name: 'ours', perSecond: 2, megabytes: 70 },
    { name: 'ours, in less', perSecond: 3, megabytes: 50 },
  ]);
});

test('a headline divides what is more by what is less', () => {
  const headline = { label: 'it', group: 'room/what', ours: 'ours', theirs: 'theirs', otherwise: 'them' };
  const line = (unit: string): ReturnType<typeof headlineLines>[number] | undefined => {
    const rows = [madeUpRow('ours', [2, 4, 6], { unit }), madeUpRow('theirs', [1, 2, 3], { unit })];
    return headlineLines(new Evidence([madeUpRecord(rows)]), [headline])[0];
  };
  assert.is(line('operations/s')?.better, 2);
  assert.is(line('operations/s')?.oursText, '4/s');
  assert.is(line('us p50')?.better, 0.5);
  assert.is(line('us p50')?.theirsText, '2 us');
  assert.equal(headlineLines(new Evidence([]), [headline]), []);
});

test('names are unique, and each claim says what there is of it', () => {
  const ids = everyFigure.map(({ id }) => id);
  assert.is(new Set(ids).size, ids.length);
  for (const { id, said, measured, figures, groups } of claims) {
    assert.ok(said.length > 0 && measured.length > 0 && figures.length > 0 && groups.length > 0, id);
    assert.not.match(`${said}${measured}`, /\n/);
  }
});

test('nothing is drawn of what was not measured', () => {
  const evidence = new Evidence([madeUpRecord([madeUpRow('ours', [1])])]);
  for (const figure of everyFigure) assert.is(drawSvg(figure, evidence, 800), undefined, figure.id);
  assert.match(evidenceMarkdown(evidence, claims, new Set()), /^# The evidence\n/);
});

test('every picture can be drawn of what is recorded, and stands by itself', () => {
  const evidence = new Evidence(findRecords(RECORDS, MACHINE).records);
  for (const figure of everyFigure) {
    const svg = drawSvg(figure, evidence, 800) as string;
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" role="img" /, figure.id);
    assert.not.match(svg, /NaN|undefined|Infinity/, figure.id);
    assert.match(svg, /<circle /, figure.id);
    assert.match(svg, /light-dark\(/, figure.id);
  }
});

test('every headline is of something that was measured', () => {
  const evidence = new Evidence(findRecords(RECORDS, MACHINE).records);
  const lines = headlineLines(evidence, headlines);
  const found = new Set(lines.map(({ label, otherwise }) => `${label} / ${otherwise}`));
  for (const { label, otherwise } of headlines) assert.ok(found.has(`${label} / ${otherwise}`), label);
});

test('the documentation says what the records say', () => {
  const evidence = new Evidence(findRecords(RECORDS, MACHINE).records);
  const pictures = new Map(everyFigure.map((figure) => [figure.id, drawSvg(figure, evidence, 800)]));
  const hint = 'npm run bench:report -- --docs';
  assert.is(
    readFileSync('docs/evidence.md', 'utf8'),
    evidenceMarkdown(evidence, claims, new Set(pictures.keys())),
    hint,
  );
  const readme = readFileSync('README.md', 'utf8');
  assert.is(readme, withReadmeTable(readme, evidence), hint);
  for (const [id, svg] of pictures) assert.is(readFileSync(`docs/pictures/${id}.svg`, 'utf8'), svg, `${id}: ${hint}`);
  assert.is(readdirSync('docs/pictures').length, pictures.size);
});

test('a README without a place for the table is an error', () => {
  assert.throws(() => withReadmeTable('# flysocket\n', new Evidence([])), /no place for the table/);
});

test(
  'the command writes the page and the pictures, or says what is wrong',
  () => {
    inFolder((folder) => {
      const out = join(folder, 'out');
      const run = (...args: string[]): { status: number | null; stderr: string } => {
        const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
        return { status, stderr };
      };
      const printed = execFileSync(process.execPath, [PROGRAM, '--machine', MACHINE, '--out', out], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      assert.match(printed, new RegExp(`^written: .*index.html and ${everyFigure.length} more files`, 'm'));
      assert.is(readdirSync(out).length, everyFigure.length + 1);
      const damaged = join(folder, 'damaged.json');
      writeFileSync(damaged, '{');
      assert.match(run(damaged).stderr, /damaged\.json: damaged: /);
      assert.is(run(damaged).status, 1);
      assert.match(run('--machine', 'unknown').stderr, /unknown: no record/);
      assert.is(run('--what').status, 2);
      assert.match(run('--what').stderr, /Arguments:\n {2}RECORD/);
    });
  },
  { timeoutMs: REPORT_TIMEOUT_MS },
);

test.run();
