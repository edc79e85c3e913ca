/** A bench program of which one contender is as it should be, and the others are in trouble. */
import type { Contender } from '../../bench/harness/Contender.ts';
import { type AnyGroup, benchProgram, type RatioRow } from '../../bench/harness/index.ts';

/** Longer than any step of the good one takes on a busy machine. */
const HANGS_AFTER_MS = 4_000;

function contender(name: string, run: (count: number) => undefined, verify: () => void = () => {}): Contender {
  return { name, isAsync: false, batch: 1_000, run, verify };
}

function count(operations: number): undefined {
  let sum = 0;
  for (let i = 0; i < operations; i++) sum += i;
  if (sum !== (operations * (operations - 1)) / 2) throw new Error(`wrong sum ${sum}`);
}

const good = contender('good', count);
const throwing = contender('throwing', () => {
  throw new Error('it throws');
});
const wrong = contender('wrong', count, () => {
  throw new Error('4 instead of 5');
});
/** Blocks its thread for ever. */
const hanging = contender('hanging', () => {
  for (;;);
});
const dying = contender('dying', () => process.exit(3));

const unit = 'operations/s';
const NO_FIGURE = { group: 'troubled/figure', contender: 'blank', unit, median: Number.NaN, min: 0, max: 0 };
/** Missed three and thirty times over, and reached. */
const ratios: readonly RatioRow[] = [
  { name: 'goals/all: near', value: 5, goal: 15, lowerIsBetter: false },
  { name: 'goals/all: far', unit: 'MB', value: 300, goal: 10, lowerIsBetter: true },
  { name: 'goals/all: bytes', unit: 'B/op', value: 20, goal: 0, lowerIsBetter: true },
  { name: 'goals/all: reached', value: 5, goal: 5, lowerIsBetter: true },
];
const groups: readonly AnyGroup[] = [
  { name: 'sound/one', unit, contenders: () => [good, contender('rival', count)] },
  { name: 'troubled/wrong', unit, contenders: () => [throwing, wrong, good, { name: 'absent', skipped: 'why not' }] },
  { name: 'troubled/ends', unit, timeoutMs: HANGS_AFTER_MS, contenders: () => [hanging, dying, good] },
  {
    name: 'troubled/none',
    unit,
    contenders: () => {
      throw new Error('nobody there');
    },
  },
  { name: 'troubled/figure', measure: async () => ({ results: [NO_FIGURE], ratios: [] }) },
  { name: 'goals/all', measure: async () => ({ results: [], ratios }) },
];
await benchProgram({ groups: (name) => (name === undefined ? groups : groups.filter((each) => each.name === name)) });
