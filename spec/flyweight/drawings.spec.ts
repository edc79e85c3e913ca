import { readFileSync } from 'node:fs';
import * as exported from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { bytesOf, type FrameVector, flagsOf, frameVectors, typeOf } from '../vectors/frameVectors.ts';
import { frameFlyweights } from './frameFlyweights.ts';

const test = suite('drawings');

/** Columns of a drawing's line: the gutter, then a bar, then two for each bit. */
const BAR_COLUMN = 12;
const COLUMNS_PER_BYTE = 16;
const FIRST_FLAG_BIT = 6;
const OFFSET_CONSTANT = /^const (\w+_OFFSET|\w+_LENGTH) = (\w+)(?: \+ (\d+))?;$/gm;

interface Row {
  /** What stands in the gutter, without the word before its first number. */
  readonly gutter: string;
  /** Between the first and the last bar, both included; what is open ends in dots. */
  readonly cells: string;
}

interface Flyweight {
  readonly prototype: unknown;
}

/** As the source has it: a bundler may call the class otherwise. */
function nameOf(flyweight: Flyweight): string {
  const entry = Object.entries(exported).find(([, value]) => value === flyweight);
  if (entry === undefined) throw new Error('not exported');
  return entry[0];
}

function sourceOf(flyweight: Flyweight): string {
  return readFileSync(`flyweight/${nameOf(flyweight)}.ts`, 'utf8');
}

function documentationOf(flyweight: Flyweight): string[] {
  const name = nameOf(flyweight);
  const source = sourceOf(flyweight);
  const comment = /\/\*\*\n((?: \*.*\n)+) \*\/\nexport class/.exec(source)?.[1];
  if (comment === undefined) throw new Error(`${name} has no documentation`);
  return comment.trimEnd().split('\n');
}

function rowsOf(flyweight: Flyweight): Row[] {
  return documentationOf(flyweight)
    .filter((line) => line[BAR_COLUMN] === '|')
    .map((line) => ({
      gutter: line
        .slice(2, BAR_COLUMN)
        .trim()
        .replace(/^(byte|body) +/, ''),
      cells: line.slice(BAR_COLUMN).replace(/\|[^|]*$/, (tail) => (tail.endsWith('...') ? tail : '|')),
    }));
}

/** The byte offsets that a gutter names: `6, 8` has two fields in the row, `10 / 13` is where a row may start. */
function offsetsIn(gutter: string): number[] {
  return /^\d+(, \d+)*( \/.*)?$/.test(gutter) ? gutter.replace(/ \/.*/, '').split(', ').map(Number) : [];
}

/** The offset constants of the source, each a number or the one before plus the width of its field. */
function offsetConstantsOf(flyweight: Flyweight): number[] {
  const values = new Map<string, number>();
  for (const [, name, before, width] of sourceOf(flyweight).matchAll(OFFSET_CONSTANT)) {
    const start = /^\d+$/.test(before as string) ? Number(before) : values.get(before as string);
    if (start === undefined) throw new Error(`${nameOf(flyweight)}: ${name} starts from what is not before it`);
    values.set(name as string, start + Number(width ?? 0));
  }
  for (const [name, value] of Object.entries(flyweight)) {
    if (values.has(name)) assert.is(value, values.get(name), `${nameOf(flyweight)}.${name}`);
  }
  return [...values].filter(([name]) => name !== 'FRAME_LENGTH').map(([, value]) => value);
}

function sorted(numbers: Iterable<number>): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function checkOffsets(flyweight: Flyweight): void {
  const drawn = rowsOf(flyweight).flatMap((row) => offsetsIn(row.gutter));
  assert.equal(sorted(drawn), sorted(offsetConstantsOf(flyweight)), nameOf(flyweight));
}

/** Each row is as wide as the distance to the next one says, and a second field starts where the gutter says. */
function checkWidths(flyweight: Flyweight): void {
  let start = 0;
  let width = 0;
  for (const { gutter, cells } of rowsOf(flyweight)) {
    const [first, second] = offsetsIn(gutter);
    if (first !== undefined) {
      const expected = gutter.includes('/') ? Number(/\/ (\d+)/.exec(gutter)?.[1]) : first;
      assert.is(start + width, expected, `${nameOf(flyweight)}: the row before byte ${gutter}`);
      start = expected;
      width = 0;
    } else if (gutter !== '') return;
    if (first !== undefined && second !== undefined) {
      assert.is(cells[(second - first) * COLUMNS_PER_BYTE], '|', `${nameOf(flyweight)}: field at byte ${second}`);
    }
    width += (cells.length - 1) / COLUMNS_PER_BYTE;
  }
}

interface ExampleCell {
  readonly hex: string;
  readonly meaning: string;
}

/** The example is pairs of lines: bytes, and below each group what it means. */
function exampleOf(flyweight: Flyweight): ExampleCell[] {
  const lines = documentationOf(flyweight);
  const start = lines.findIndex((line) => line.startsWith(' *  example '));
  assert.ok(start >= 0, `${nameOf(flyweight)} has no example`);
  const after = lines.findIndex((line, index) => index > start && line === ' *');
  const text = lines.slice(start, after < 0 ? undefined : after).map((line) => line.replace(/^ \*( +example)?/, ''));
  const cells: ExampleCell[] = [];
  for (let i = 0; i < text.length; i += 2) {
    const groups = (text[i] as string).split('|');
    const meanings = (text[i + 1] as string).split('|');
    assert.is(groups.length, meanings.length, `${nameOf(flyweight)}: groups of the example`);
    groups.forEach((group, index) => {
      cells.push({ hex: group.replaceAll(' ', ''), meaning: (meanings[index] as string).trim() });
    });
  }
  return cells;
}

function hexOf(meaning: string, length: number, vector: FrameVector): string {
  const text = /^"(.*)"$/.exec(meaning)?.[1];
  if (text !== undefined) return Buffer.from(text).toString('hex');
  const number = /^(?:stream|len|.* =) (\w+)$/.exec(meaning)?.[1];
  const value = number === undefined ? (typeOf(vector) << 10) | flagsOf(vector) : Number(number);
  return value.toString(16).padStart(length, '0');
}

function checkExample(flyweight: Flyweight, type?: FrameVector['type']): void {
  const cells = exampleOf(flyweight);
  const hex = cells.map((cell) => cell.hex).join('');
  const vector = frameVectors.find((candidate) => Buffer.from(bytesOf(candidate)).toString('hex') === hex);
  if (vector === undefined) throw new assert.Assertion({ message: `${nameOf(flyweight)}: no vector ${hex}` } as never);
  if (type !== undefined) assert.is(vector.type, type, nameOf(flyweight));
  for (const { hex: group, meaning } of cells) {
    assert.is(group, hexOf(meaning, group.length, vector), `${nameOf(flyweight)}: ${meaning}`);
  }
  const letters = vector.flags.map((flag) => (flag === 'RESUME' || flag === 'RESPOND' ? 'R' : flag.charAt(0)));
  const header = letters.length === 0 ? vector.type : `${vector.type}, ${letters.join(' ')}`;
  assert.is(cells[1]?.meaning, header, nameOf(flyweight));
}

test('header: offsets, widths and example are true', () => {
  checkOffsets(exported.FrameHeaderFlyweight);
  checkWidths(exported.FrameHeaderFlyweight);
  checkExample(exported.FrameHeaderFlyweight);
});

test('body: offsets are true', () => {
  checkOffsets(exported.FrameBodyFlyweight);
});

for (const [name, flyweight] of Object.entries(frameFlyweights)) {
  const type = name as FrameVector['type'];

  test(`${type}: the gutter is the list of its offset constants`, () => {
    checkOffsets(flyweight);
  });

  test(`${type}: rows are as wide as their fields`, () => {
    checkWidths(flyweight);
  });

  test(`${type}: type, flags and stream are drawn as they are`, () => {
    const [streamRow, typeRow] = rowsOf(flyweight) as [Row, Row];
    assert.is(Number(/Type \((0x[0-9A-F]{2})\)/.exec(typeRow.cells)?.[1]), exported.FrameType[type]);
    const letters = flyweight.FLAG_LETTERS;
    for (let i = 0; i < 4; i++) {
      const drawn = (typeRow.cells[2 * (FIRST_FLAG_BIT + i) + 1] as string).replace(/[0 ]/, '-');
      const letter = letters[i] ?? '-';
      // Any frame may carry I; it is drawn where the frame's own section speaks of it.
      if (!(i === 0 && drawn === '-')) assert.is(drawn, letter, `flag ${i}`);
      const explained = documentationOf(flyweight).some((line) => line.startsWith(` * ${drawn}  `));
      assert.ok(drawn === '-' || explained, `flag ${drawn} is not explained`);
    }
    const stream = /\((= 0|> 0|any)\)/.exec(streamRow.cells)?.[1];
    assert.ok(stream, 'says no stream id');
    for (const { streamId, type: its } of frameVectors) {
      if (its === type && stream !== 'any') assert.is(streamId > 0, stream === '> 0', 'stream id');
    }
  });

  test(`${type}: the example is a vector, and means what it says`, () => {
    checkExample(flyweight, type);
  });
}

test('the page of all frames: types, links and examples are true', () => {
  const page = readFileSync('docs/wire/frames.md', 'utf8').replaceAll(/ +/g, ' ');
  const rows = [...page.matchAll(/^\| (0x[0-9A-F]{2}) \| \[(\w+)\]\([^)]*\/(\w+)\.ts\) \|.*\| `([0-9a-f ]+)` \|$/gm)];
  assert.equal(
    rows.map(([, , type]) => type),
    Object.keys(frameFlyweights),
  );
  for (const [, code, name, file, hex] of rows) {
    const type = name as FrameVector['type'];
    assert.is(Number(code), exported.FrameType[type]);
    assert.is(file, nameOf(frameFlyweights[type]));
    const vector = frameVectors.find((candidate) => candidate.hex === hex);
    assert.is(vector?.type, type, hex);
  }
});

test.run();
