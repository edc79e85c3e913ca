import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { filesIn, roomsIn } from '../../tools/rooms.ts';
import { suite } from '../support/suite.ts';

const test = suite('docs/limits.md');

/** A constant that is a number, or a product, power or shift of numbers. */
const CONSTANT = /^(export )?const ([A-Z][A-Z0-9_]+)(?:: number)? = (\w+(?: (?:\*\*?|<<) \w+)*);$/gm;
const IS_LIMIT = /^(DEFAULT_|MAX_|MIN_)|_(MS|MICROS|CAPACITY)$/;
const ROW = /^\| `([A-Z][A-Z0-9_]+)` +\| ([\d,]+)/gm;
/** Most rows name a constant whose value the pattern above understands: if few do, it no longer fits the code. */
const ROWS_UNDERSTOOD = 40;

/** A limit's row, as far as it says who reaches it. */
interface ReachedLimit {
  readonly name: string;
  /** Its name, its options and the codes of its errors: a spec that reaches it mentions one of them. */
  readonly words: readonly string[];
  /** Paths of specs; empty if there are none. */
  readonly specs: readonly string[];
  /** The lines behind its table, up to the next table or section. */
  readonly remark: string;
}

interface Constant {
  readonly value: number;
  readonly isExported: boolean;
}

function constantsOfRooms(): Map<string, Constant> {
  const rooms = new Set(roomsIn('.'));
  const constants = new Map<string, Constant>();
  for (const path of filesIn('.')) {
    if (!path.endsWith('.ts') || !rooms.has(path.slice(0, path.indexOf('/')))) continue;
    for (const [, exported, name, value] of readFileSync(path, 'utf8').matchAll(CONSTANT)) {
      constants.set(name as string, { value: numberOf(value as string), isExported: exported !== undefined });
    }
  }
  return constants;
}

/** The value of `64 * 1024`, `2 ** 30` or `1 << 20`; NaN for what names another constant. */
function numberOf(expression: string): number {
  const [first, operator, second, , third = '1'] = expression.replaceAll('_', '').split(' ');
  const [left, right] = [Number(first), Number(second)];
  if (operator === '**') return left ** right;
  if (operator === '<<') return left * 2 ** right;
  return operator === '*' ? left * right * Number(third) : left;
}

const constants = constantsOfRooms();
const rows = [...readFileSync('docs/limits.md', 'utf8').matchAll(ROW)].map(([, name, value]) => {
  return { name: name as string, value: Number((value as string).replaceAll(',', '')) };
});

const reachedIn = reachedLimits();

function reachedLimits(): ReachedLimit[] {
  const limits: ReachedLimit[] = [];
  for (const section of readFileSync('docs/limits.md', 'utf8').split('\n## ')) {
    const room = section.slice(1, section.indexOf('/'));
    for (const table of section.split('\n| name ').slice(1)) {
      const [header = '', , ...rows] = table.split('\n');
      const remark = rows.filter((line) => !line.startsWith('|')).join('\n');
      const column = header.split('|').findIndex((title) => title.trim() === 'reached in');
      for (const row of rows.filter((line) => line.startsWith('|'))) {
        const cells = row.split('|').slice(1);
        const [name, , , option = '', atTheLimit = ''] = cells;
        const words = [...namesIn(name), ...namesIn(option), ...(atTheLimit.match(/ERR_FLYSOCKET_\w+/g) ?? [])];
        const specs = namesIn(cells[column]).map((spec) => pathOf(spec, room));
        limits.push({ name: words[0] as string, words, specs, remark });
      }
    }
  }
  return limits;
}

/** What stands between backquotes; of `serve --deadline` both words. */
function namesIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, names]) => (names as string).split(' '));
}

function pathOf(spec: string, room: string): string {
  return `spec/${spec.includes('/') ? spec : `${room}/${spec}`}.spec.ts`;
}

function whatIsWrong({ name, words, specs, remark }: ReachedLimit): string[] {
  if (specs.length === 0 && !/^Not reached: /m.test(remark)) return [`${name}: no spec, and no reason`];
  return specs.flatMap((path) => {
    if (!existsSync(path)) return [`${name}: there is no ${path}`];
    const text = textOf(path);
    return words.some((word) => text.includes(word)) ? [] : [`${name}: ${path} mentions none of ${words}`];
  });
}

/** The text of a spec, with that of the files below spec/ that it imports, and so on. */
function textOf(path: string, seen: Set<string> = new Set()): string {
  if (seen.has(path)) return '';
  seen.add(path);
  const text = readFileSync(path, 'utf8');
  const imported = [...text.matchAll(/ from '(\.[^']+)'/g)].map(([, from]) => join(dirname(path), from as string));
  return (
    text +
    imported
      .filter((each) => each.startsWith('spec'))
      .map((each) => textOf(each, seen))
      .join('')
  );
}

test('gives the defaults that the code has', () => {
  const known = rows.filter(({ name }) => Number.isFinite(constants.get(name)?.value));
  const wrong = known.filter(({ name, value }) => constants.get(name)?.value !== value);
  assert.equal(wrong, []);
  assert.ok(known.length > ROWS_UNDERSTOOD, `only ${known.length} rows were understood`);
});

test('leaves out no limit that a room exports', () => {
  const listed = new Set(rows.map(({ name }) => name));
  const limits = [...constants].filter(([name, { isExported }]) => isExported && IS_LIMIT.test(name));
  const missing = limits.map(([name]) => name).filter((name) => !listed.has(name));
  assert.equal(missing, []);
});

test('names for each limit a spec that knows of it, or says why there is none', () => {
  assert.equal(reachedIn.flatMap(whatIsWrong), []);
});

test.run();
