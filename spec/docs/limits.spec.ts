import { readFileSync } from 'node:fs';
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

test.run();
