import * as assert from 'uvu/assert';
import { medianInterval, pairedRatio, unpairedRatio } from '../../bench/harness/statistics/bootstrap.ts';
import { median } from '../../bench/harness/statistics/median.ts';
import { percentile } from '../../bench/harness/statistics/percentile.ts';
import { SeededRandom } from '../../bench/harness/statistics/SeededRandom.ts';
import { spread } from '../../bench/harness/statistics/spread.ts';
import { suite } from '../support/suite.ts';

const test = suite('bench statistics');

test('percentiles lie between the values', () => {
  const values = [40, 10, 30, 20];
  assert.equal(
    [0, 0.25, 0.5, 0.9, 1].map((fraction) => percentile(values, fraction)),
    [10, 17.5, 25, 37, 40],
  );
  assert.is(percentile([7], 0.99), 7);
  assert.ok(Number.isNaN(percentile([], 0.5)));
  assert.equal(values, [40, 10, 30, 20], 'they stay as they were');
});

test('medians and spreads', () => {
  assert.is(median([9, 1, 5]), 5);
  assert.is(median([1, 2, 3, 100]), 2.5);
  // Sorted as text 10 would come before 9.
  assert.is(median([9, 10, 11]), 10);
  assert.is(spread([10, 10, 10, 10, 10]), 0);
  assert.is(spread([8, 9, 10, 11, 12]), 0.2);
  assert.is(spread([3]), 0);
});

test('the same seed draws the same lots, another one others', () => {
  const draw = (seed: number): number[] => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 8 }, () => random.below(1000));
  };
  assert.equal(draw(5), draw(5));
  assert.not.equal(draw(5), draw(6));
  const random = new SeededRandom(3);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 40_000; i++) {
    const lot = random.below(4);
    counts[lot] = (counts[lot] as number) + 1;
  }
  for (const count of counts) assert.ok(count > 9_000 && count < 11_000, `${counts}`);
});

/** The chance that `n` draws with chance `p` each give `least` or more. */
function binomialTail(n: number, p: number, least: number): number {
  let sum = 0;
  let coefficient = 1;
  for (let k = 0; k <= n; k++) {
    if (k >= least) sum += coefficient * p ** k * (1 - p) ** (n - k);
    coefficient = (coefficient * (n - k)) / (k + 1);
  }
  return sum;
}

test('the interval of a median is where the exact bootstrap has it', () => {
  // A median of n draws is at most the k-th of n values if more than half of them are among the first k.
  for (const n of [5, 9, 15, 21]) {
    const values = Array.from({ length: n }, (_, i) => 100 + i);
    const below = (k: number): number => binomialTail(n, k / n, (n + 1) / 2);
    const rank = (chance: number): number => values.findIndex((_, i) => below(i + 1) > chance);
    for (const confidence of [0.8, 0.95]) {
      const { low, high } = medianInterval(values, { confidence, resamples: 20_000 }) as { low: number; high: number };
      const tail = (1 - confidence) / 2;
      // Where the exact chance is next to the edge, drawing lots may hit the value beside it.
      assert.ok(Math.abs(low - 100 - rank(tail)) <= 1, `${n} ${confidence}: ${low}, exactly ${100 + rank(tail)}`);
      assert.ok(Math.abs(high - 100 - rank(1 - tail)) <= 1, `${n}: ${high}, exactly ${100 + rank(1 - tail)}`);
    }
  }
});

test('of few rounds the interval is all of them, of one there is none', () => {
  assert.equal(medianInterval([3, 1, 2]), { low: 1, high: 3 });
  assert.equal(medianInterval([2, 2, 2, 2]), { low: 2, high: 2 });
  assert.is(medianInterval([2]), undefined);
  const values = [5, 3, 8, 1, 9, 2, 7];
  assert.equal(medianInterval(values, { seed: 4 }), medianInterval(values, { seed: 4 }));
});

test('pairs cancel what both met, and single runs do not', () => {
  const machine = [1, 8, 2, 5, 3, 9, 4];
  const above = machine.map((speed) => 2 * speed);
  assert.equal(pairedRatio(above, machine), { value: 2, interval: { low: 2, high: 2 } });
  const { value, interval } = unpairedRatio(above, machine);
  assert.is(value, 2);
  assert.ok((interval?.low as number) < 1 && (interval?.high as number) > 4, JSON.stringify(interval));
  assert.throws(() => pairedRatio([1, 2], [1]), /2 rounds are no pairs with 1/);
  assert.is(unpairedRatio([4], [2, 2]).interval, undefined);
});

test.run();
