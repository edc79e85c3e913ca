import * as assert from 'uvu/assert';
import { BlockingRequests } from '../../bench/round-trips/BlockingRequests.ts';
import { Records } from '../../bench/round-trips/Records.ts';
import { roundTripContenders, roundTripsGroups } from '../../bench/round-trips/roundTrips.ts';
import { SharedSlots } from '../../bench/round-trips/SharedSlots.ts';
import { PoolRequests } from '../../bench/workers/PoolRequests.ts';
import { suite } from '../support/suite.ts';

const test = suite('bench/round-trips');

const REQUESTS = 30;
const BATCHES = { low: 1, promises: 1, memory: 1, messages: 1, pools: 1 };

for (const contender of roundTripContenders(4, BATCHES)) {
  if ('skipped' in contender) continue;
  test(`answers rightly: ${contender.name}`, async () => {
    await contender.open?.();
    try {
      await contender.run(REQUESTS);
      // A second time, since some count on from the first.
      await contender.run(REQUESTS + 1);
    } finally {
      await contender.close?.();
    }
  });
}

test('who is not installed is named', () => {
  for (const contender of roundTripContenders(4, BATCHES)) assert.ok(contender.name.length > 0);
  assert.is(roundTripsGroups.length, 3);
});

test('a wrong answer is found where promises are awaited', async () => {
  const liar = { run: async () => new Uint8Array(128).fill(7), destroy: async () => {} };
  const contender = new PoolRequests('liar', 1, 1, () => liar);
  await contender.open();
  try {
    await contender.run(3);
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /liar: wrong answer to request 0: 128 bytes, first 7/);
  }
});

test('a wrong answer is found where the thread blocks', async () => {
  const slots = new SharedSlots(1);
  class Liar extends BlockingRequests {
    protected override exchange(count: number): void {
      slots.publishAsked(count);
      slots.waitForAnswered(0);
      this.checkAnswer(0, 0, 127);
    }
  }
  const file = new URL('../../bench/round-trips/atomics.worker.js', import.meta.url);
  const contender = new Liar('liar', 1, 1, file, { memory: slots.memory, slots: 1 });
  await contender.open();
  try {
    assert.throws(() => contender.run(1), /liar: wrong answer to request 0: 127 bytes/);
  } finally {
    await contender.close();
  }
});

test('records are cut wherever the chunks end', () => {
  const sent = Buffer.from('abcdefghijkl');
  for (let first = 1; first < sent.length; first++) {
    for (let second = first; second <= sent.length; second++) {
      const got: string[] = [];
      const records = new Records(4, (record) => got.push(record.toString()));
      for (const chunk of [sent.subarray(0, first), sent.subarray(first, second), sent.subarray(second)]) {
        records.take(chunk);
      }
      assert.equal(got, ['abcd', 'efgh', 'ijkl'], `${first} ${second}`);
    }
  }
});

test.run();
