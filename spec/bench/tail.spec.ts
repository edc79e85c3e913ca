import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { REFUSED } from '../../bench/harness/index.ts';
import { BusyService } from '../../bench/tail/BusyService.ts';
import { ITEM_LENGTH, writeItem } from '../../bench/tail/feed/feedItems.ts';
import { Taken } from '../../bench/tail/feed/Taken.ts';
import {
  type LoadedService,
  measureOverload,
  type OverloadContender,
  type OverloadPlan,
} from '../../bench/tail/measureOverload.ts';
import { measureSlowConsumer } from '../../bench/tail/measureSlowConsumer.ts';
import { overloadContenders } from '../../bench/tail/overload.ts';
import { feedContenders } from '../../bench/tail/slowConsumer.ts';
import { suite } from '../support/suite.ts';

const test = suite('bench/tail');

/** So few that any machine can do them: leases of 9 within 20 ms. */
const CAPACITY = 500;
const FLOOD = 150;
const MOST_FLOODS = 100;
const VERIFIED = 10;

test('work is done one piece after the other, in order, and who waits is counted', async () => {
  const service = new BusyService();
  const done: number[] = [];
  await new Promise<void>((resolve) => {
    for (let i = 0; i < 1_100; i++) {
      service.work(() => {
        done.push(i);
        if (i === 1_099) resolve();
      });
    }
    assert.is(service.waiting, 1_100);
  });
  assert.is(service.waiting, 0);
  assert.equal(done, [...done.keys()]);
});

/** @throws Error if it refuses what it is not to refuse, or the other way round, or does not recover */
async function flood({ name, start }: OverloadContender): Promise<void> {
  const refuses = /leases,|by room|503/.test(name);
  const service = await start(CAPACITY);
  try {
    await service.verify(VERIFIED);
    let answered = 0;
    let refused = 0;
    // Where this process gets no processor for long, no lease is good any more when the flood comes.
    for (let floods = 0; floods < MOST_FLOODS && (answered === 0 || (refuses && refused === 0)); floods++) {
      const answers = await Promise.all(Array.from({ length: FLOOD }, (_, sequence) => service.request(sequence)));
      const refusals = answers.filter((answer) => answer === REFUSED).length;
      refused += refusals;
      answered += FLOOD - refusals;
      await pause(1);
    }
    assert.ok(refuses ? refused > 0 : refused === 0, `${name}: ${refused} refused`);
    assert.ok(answered > 0, `${name}: none was answered`);
    await service.verify(VERIFIED);
    assert.ok((await service.peakRssBytes()) > 1e6);
  } finally {
    await service.close();
  }
}

test(
  'services with leases refuse what is too much, those without take it, and all recover',
  async () => {
    await Promise.all(
      overloadContenders()
        .filter(({ skipped }) => skipped === undefined)
        .map(flood),
    );
  },
  { timeoutMs: 40_000 },
);

function fakeService(request: (sequence: number) => Promise<unknown>): LoadedService {
  return { request, verify: async () => {}, peakRssBytes: async () => 50e6, close: async () => {} };
}

test('tells of each load who was accepted, and how late; a wrong answer is found', async () => {
  let isLying = false;
  const liar = async (sequence: number): Promise<unknown> => {
    if (isLying) throw new Error(`wrong answer to request ${sequence}`);
    return undefined;
  };
  const half = async (sequence: number): Promise<unknown> => (sequence % 2 === 0 ? REFUSED : undefined);
  const start = (request: (sequence: number) => Promise<unknown>) => async (): Promise<LoadedService> =>
    fakeService(request);
  const plan: OverloadPlan = {
    group: 'g',
    contenders: [
      { name: 'plain', capacityOf: 'plain', start: start(async () => new Promise((done) => setTimeout(done, 1))) },
      { name: 'half', capacityOf: 'plain', start: start(half) },
      {
        name: 'liar',
        capacityOf: 'plain',
        start: async (capacity) => {
          isLying = capacity > 0;
          return fakeService(liar);
        },
      },
      { name: 'absent', capacityOf: 'plain', skipped: 'not installed', start: start(half) },
    ],
    loads: [0.01, 1.5],
    rounds: 1,
    loadMs: 30,
    capacityMs: 20,
    capacityTries: 2,
    warmUpRequests: 10,
    ratios: [
      { contender: 'half', against: 'plain', goal: 0.1 },
      { contender: 'plain', against: 'half' },
    ],
  };
  const { results, ratios, skipped, failures = [] } = await measureOverload(plan);
  assert.equal(skipped, ['absent: not installed']);
  assert.is(failures.length, 1);
  assert.is(failures[0]?.contender, 'liar');
  assert.match(failures[0]?.message as string, /wrong answer/);
  const refused = results.find(({ contender, unit }) => contender === 'half, at 150 %' && unit === '% refused');
  assert.ok(Math.abs((refused?.median as number) - 50) < 10);
  assert.not(results.some(({ contender, unit }) => contender.startsWith('plain') && unit === '% refused'));
  assert.ok(results.some(({ contender }) => contender === 'plain, capacity'));
  assert.equal(
    ratios.map(({ goal }) => goal),
    [undefined, 0.1, undefined, undefined],
  );
});

test('an item of a feed is checked, and what is missing is counted', () => {
  const bytes = new Uint8Array(ITEM_LENGTH);
  const write = (sequence: number): Uint8Array => {
    writeItem(new DataView(bytes.buffer), sequence);
    return bytes;
  };
  const taken = new Taken();
  assert.throws(() => taken.verify(), /no item has come/);
  for (const sequence of [10, 11, 13, 19]) taken.take(write(sequence));
  taken.verify();
  assert.is(taken.count, 4);
  assert.is(taken.missedPercent, 60);
  taken.take(write(18));
  assert.throws(() => taken.verify(), /item 18 came after item 19/);
  for (const wrong of [write(20).subarray(1), write(21).fill(0, ITEM_LENGTH - 1)]) {
    const other = new Taken();
    other.take(wrong);
    assert.throws(() => other.verify(), /wrong item/);
  }
});

test('a feed reaches the fast, whoever is slow, and the slow one gets less', async () => {
  const { results, failures } = await measureSlowConsumer({
    group: 'g',
    contenders: feedContenders(),
    consumers: 3,
    warmUpMs: 50,
    feedMs: 200,
    compared: { credits: 'flysocket, credits', pushed: 'ws, pushed' },
  });
  assert.equal(failures, []);
  const perSecond = (name: string): number =>
    results.find(({ contender, unit }) => contender === name && unit === 'items/s')?.median as number;
  const name = 'flysocket, credits, one slow';
  assert.ok(perSecond(`${name}: the slow one`) < perSecond(`${name}: the fast`));
});

test.run();
