import { DrainQueue } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { CountByOneThread } from '../../bench/counter/CountByOneThread.ts';
import { CountByRemoteService, CountByService } from '../../bench/counter/CountByService.ts';
import { CountByThreads } from '../../bench/counter/CountByThreads.ts';
import type { CountingSpec } from '../../bench/counter/Counting.ts';
import { rowsOfMeanwhile } from '../../bench/counter/counter.ts';
import { LocalCounter } from '../../bench/counter/LocalCounter.ts';
import { newCounting } from '../../bench/counter/newCounting.ts';
import { OtherWork, stateAfter } from '../../bench/counter/OtherWork.ts';
import { PlainCounter } from '../../bench/counter/PlainCounter.ts';
import { QueueCounting } from '../../bench/counter/QueueCounting.ts';
import { suite } from '../support/suite.ts';

const test = suite('bench counter');

const COUNTS = [1, 2, 5, 1_000, 12_345];
const WAYS: readonly CountingSpec['way'][] = ['atomic', 'queue'];

test('one thread counts, and who counts otherwise is found', () => {
  const contender = new CountByOneThread('one', 1);
  contender.verify();
  for (const count of COUNTS) contender.run(count);
  class Hasty extends PlainCounter {
    override increment(): void {
      this.value += this.value === 100 ? 2 : 1;
    }
  }
  assert.throws(() => new CountByOneThread('hasty', 1, new Hasty()).verify(), /hasty: counted to 10008 instead of/);
});

for (const way of WAYS) {
  for (const cached of [1, 100]) {
    test(`three threads count to N, ${way}, ${cached} at a time`, async () => {
      const contender = new CountByThreads('three', 1, 3, way, cached);
      await contender.open();
      try {
        contender.verify();
        for (const count of COUNTS) contender.run(count);
        contender.runMeasuringPeer(100);
      } finally {
        await contender.close();
      }
      assert.ok(contender.milliseconds > 0);
      assert.ok(contender.increments > 13_353);
    });
  }

  test(`a thread that loses an increment is found, ${way}`, async () => {
    const forgetful = (spec: CountingSpec): ReturnType<typeof newCounting> => {
      const counting = newCounting(spec);
      return { count: (increments) => counting.count(increments - 1), take: () => counting.take() };
    };
    const contender = new CountByThreads('two', 1, 2, way, 10, forgetful);
    await contender.open();
    try {
      assert.throws(() => contender.run(1_000), /two: counted to 999 instead of 1000/);
    } finally {
      await contender.close();
    }
  });
}

test('who loses the drain does other work, and what he offered is handled by the winner', () => {
  const total = new SharedArrayBuffer(4);
  const queue = new SharedArrayBuffer(DrainQueue.lengthFor(1_024));
  const winner = new DrainQueue(queue);
  const loser = new QueueCounting({ way: 'queue', cached: 2, total, queue });
  const amounts: number[] = [];
  winner.offer(1, new Uint8Array(4), 0, 4);
  winner.drain((_type, buffer, index) => {
    amounts.push(buffer.getInt32Native(index));
    if (amounts.length === 1) loser.count(5);
  });
  assert.equal(amounts, [0, 2, 2, 1]);
  assert.equal(loser.take(), { steps: 96, lost: 3 });
  assert.is(new Int32Array(total)[0], 0);
  loser.count(4);
  assert.is(new Int32Array(total)[0], 4);
  assert.equal(loser.take(), { steps: 0, lost: 0 });
});

test('other work is done step by step, and can be checked without', () => {
  let state = stateAfter(0);
  for (let steps = 1; steps <= 1_000; steps++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    assert.is(stateAfter(steps), state);
  }
  const work = new OtherWork();
  work.do(7);
  work.do(32);
  assert.is(work.take(), 39);
  assert.is(work.take(), 0);
});

test('a service counts, in this thread and in another, one by one and many at a time', async () => {
  for (const cached of [1, 7]) {
    for (const contender of [new CountByService('here', 1, cached), new CountByRemoteService('there', 1, cached)]) {
      if (contender instanceof CountByRemoteService) await contender.open();
      try {
        await contender.verify();
        for (const count of COUNTS) await contender.run(count);
      } finally {
        if (contender instanceof CountByRemoteService) await contender.close();
      }
    }
  }
});

test('a service that counts wrongly is found', async () => {
  class Greedy extends LocalCounter {
    override add(amount: number): Promise<number> {
      return super.add(amount === 0 ? 0 : amount + 1);
    }
  }
  const running = new CountByService('greedy', 1, 10, new Greedy()).run(1_000);
  await running.then(
    () => assert.unreachable('was not found'),
    (error: Error) => assert.match(error.message, /greedy: counted to 1100 instead of 1000/),
  );
});

test('what losers did is told of each drain queue', () => {
  const row = { group: 'g', unit: 'operations/s', median: 1, min: 1, max: 1 };
  const contender = (name: string, way: CountingSpec['way'], lost: number): CountByThreads =>
    ({ name, way, meanwhile: { steps: 32 * lost, lost }, milliseconds: 500, increments: 2_000_000 }) as CountByThreads;
  const measured = { results: ['a', 'b', 'c'].map((name) => ({ ...row, contender: name })), ratios: [] };
  const counting = [contender('a', 'queue', 10), contender('b', 'atomic', 0), contender('c', 'queue', 0)];
  const rows = rowsOfMeanwhile(measured, [...counting, contender('d', 'queue', 5)]);
  assert.equal(
    rows.map(({ contender: name, unit, median }) => [name, unit, median]),
    [
      ['a', 'steps of other work/s', 640],
      ['a', 'drains lost, of a million increments', 5],
      ['c', 'steps of other work/s', 0],
      ['c', 'drains lost, of a million increments', 0],
    ],
  );
});

test.run();
