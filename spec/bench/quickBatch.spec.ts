import * as assert from 'uvu/assert';
import { quickBatch } from '../../bench/harness/run/quickBatch.ts';
import { suite } from '../support/suite.ts';

const test = suite('quickBatch');

const ROUND_MS = 25;

/** @param millisecondsOf so many operations @param whole batch of the contender */
async function batchOf(millisecondsOf: (operations: number) => number, whole = 100_000): Promise<[number, number[]]> {
  const tried: number[] = [];
  const batch = await quickBatch(async (most) => {
    const operations = Math.min(most, whole);
    tried.push(operations);
    return { operations, milliseconds: millisecondsOf(operations) };
  }, ROUND_MS);
  return [batch, tried];
}

test('a batch takes about a round', async () => {
  for (const eachMs of [0.001, 0.01, 0.1, 1, 10]) {
    const [batch] = await batchOf((operations) => operations * eachMs);
    assert.ok(batch * eachMs <= ROUND_MS && batch * eachMs >= ROUND_MS / 4, `${batch} of ${eachMs} ms`);
  }
});

test('one that takes longer than a round is a batch all the same', async () => {
  assert.equal(await batchOf((operations) => operations * 100), [1, [16]]);
});

test('a whole batch that fits is not cut, one that does not is', async () => {
  assert.equal(await batchOf((operations) => operations * 0.000_1, 5_000), [5_000, [16, 1_024, 5_000]]);
  assert.equal(await batchOf(() => 0, 5_000), [5_000, [16, 1_024, 5_000]], 'too fast for the clock');
  assert.equal((await batchOf((operations) => operations, 50))[0], 25);
});

test('a delay that does not grow with the operations is shared by many', async () => {
  const [batch] = await batchOf((operations) => 42 + operations * 0.01);
  assert.is(batch, 1_024);
  const [ownBatch] = await batchOf((operations) => 42 + operations * 0.01, 200);
  assert.is(ownBatch, 200);
});

test.run();
