import * as assert from 'uvu/assert';
import type { Contender, Group } from '../../bench/harness/Contender.ts';
import { FULL_PACE, type Pace, QUICK_PACE } from '../../bench/harness/run/Pace.ts';
import { runGroup } from '../../bench/harness/run/runGroup.ts';
import { suite } from '../support/suite.ts';
import { type Behaviour, FakeHost, hang } from './FakeHost.ts';

const test = suite('runGroup');

const PACE: Pace = { ...FULL_PACE, rounds: 4, budgetMs: Number.POSITIVE_INFINITY };
const HANGS_AFTER_MS = 20;

const wrong = async (): Promise<never> => {
  throw new Error('4 instead of 5');
};

function group(more: Partial<Group> = {}): Group {
  const contenders = () => {
    throw new Error('a fake host makes them');
  };
  return { name: 'room/what', unit: 'operations/s', timeoutMs: HANGS_AFTER_MS, contenders, ...more };
}

function measure(behaviours: readonly Behaviour[], more: Partial<Group> = {}, log: string[] = [], pace = PACE) {
  return runGroup(group(more), { pace, start: async () => new FakeHost(behaviours, log) });
}

const contendersOf = (results: readonly { contender: string }[]): string[] => results.map((row) => row.contender);

test('contenders take turns, and each round begins with the next one', async () => {
  const log: string[] = [];
  await measure([{ name: 'a' }, { name: 'b' }, { name: 'c' }], {}, log);
  const order = log
    .filter((line) => line.startsWith('round'))
    .map((line) => line.at(-1))
    .join('');
  assert.is(order, `abc${'abc'}${'bca'}${'cab'}${'abc'}`, 'warm-up, then four rounds');
});

test('each is checked before and after, and closed', async () => {
  const log: string[] = [];
  await measure([{ name: 'a' }], {}, log, { ...PACE, rounds: 2 });
  const steps = ['open a', 'verify a', 'round a', 'round a', 'round a', 'allocation a', 'verify a', 'close a', 'stop'];
  assert.equal(log, steps);
});

test('a result is the median of the rounds, without the warm-up', async () => {
  const speeds = [1000, 3, 1, 2, 10];
  const { results } = await measure([{ name: 'a', round: (round) => speeds[round] as number }]);
  assert.equal(results, [
    {
      group: 'room/what',
      contender: 'a',
      unit: 'operations/s',
      median: 2.5,
      min: 1,
      max: 10,
      samples: [3, 1, 2, 10],
      bytesPerOp: 24,
      heapBytesPerOp: 8,
      arrayBufferBytesPerOp: 16,
      collectionsPerMillion: 1000,
    },
  ]);
});

test('a ratio is that within each round', async () => {
  // The machine slows down by ten from round to round; the ratio stays.
  const ratios = [{ name: 'a / b', contender: 'a', against: 'b', goal: 3 }];
  const a = { name: 'a', round: (round: number) => 6 / 10 ** round };
  const b = { name: 'b', round: (round: number) => 2 / 10 ** round };
  const measured = await measure([a, b], { ratios });
  const [ratio] = measured.ratios;
  assert.is(ratio?.name, 'room/what: a / b');
  assert.ok(Math.abs((ratio?.value as number) - 3) < 1e-9);
  assert.ok(Math.abs((ratio?.interval?.low as number) - 3) < 1e-9);
  assert.ok(Math.abs((ratio?.interval?.high as number) - 3) < 1e-9);
});

for (const [step, behaviour, message] of [
  ['opening', { open: wrong }, 'fails while opening: 4 instead of 5'],
  ['a wrong answer', { verify: wrong }, 'fails while checking its answers: 4 instead of 5'],
  ['a round', { round: (n: number) => (n === 2 ? wrong() : 1) }, 'fails while running round 2: 4 instead of 5'],
  ['closing', { close: wrong }, 'fails while closing: 4 instead of 5'],
] as [string, Partial<Behaviour>, string][]) {
  test(`a contender that throws is named, the others are measured: ${step}`, async () => {
    const log: string[] = [];
    const { results, failures } = await measure([{ name: 'bad', ...behaviour }, { name: 'good' }], {}, log);
    assert.equal(failures, [{ group: 'room/what', contender: 'bad', message }]);
    assert.equal(contendersOf(results).includes('good'), true);
    assert.is(contendersOf(results).includes('bad'), step === 'closing', 'what was measured by then counts');
    assert.is(log.filter((line) => line === 'stop').length, 1, 'in the same host');
    assert.is(log.filter((line) => line === 'close bad').length, 1);
  });
}

for (const [step, behaviour] of [
  ['opening', { open: hang }],
  ['checking its answers', { verify: hang }],
  ['warming up', { round: hang }],
  ['running round 3', { round: (n: number) => (n === 3 ? hang() : 1) }],
] as [string, Partial<Behaviour>][]) {
  test(`a contender that hangs while ${step} is named, the others begin anew without it`, async () => {
    const log: string[] = [];
    const { results, failures } = await measure([{ name: 'good' }, { name: 'bad', ...behaviour }], {}, log);
    const message = `hangs while ${step}: not done within ${HANGS_AFTER_MS} ms`;
    assert.equal(failures, [{ group: 'room/what', contender: 'bad', message }]);
    assert.equal(contendersOf(results), ['good']);
    assert.is(results[0]?.samples?.length, 4);
    const again = log.slice(log.indexOf('stop') + 1);
    assert.is(again[0], 'open good');
    assert.not(again.includes('open bad'));
  });
}

test('a contender that hangs alone in its process takes nobody along', async () => {
  const log: string[] = [];
  const behaviours = [{ name: 'good' }, { name: 'bad', round: (n: number) => (n === 2 ? hang() : 1) }];
  const { results, failures } = await measure(behaviours, { isolated: true }, log);
  assert.is(failures?.length, 1);
  assert.equal(
    results.map(({ contender, unit }) => `${contender} ${unit}`),
    ['good operations/s', 'good MB RSS'],
  );
  assert.is(results[1]?.median, 50);
  assert.is(log.filter((line) => line === 'open good').length, 1, 'it went on');
});

test('contenders that cannot be made fail their group', async () => {
  const { results, failures } = await runGroup(group());
  assert.equal(results, []);
  assert.is(failures?.[0]?.message, 'fails while making its contenders: a fake host makes them');
  const twins = await measure([{ name: 'a' }, { name: 'a' }]);
  assert.is(twins.failures?.[0]?.message, 'fails while making its contenders: two contenders are named a');
});

test('what is skipped is told', async () => {
  assert.equal((await measure([])).skipped, ['absent: why']);
});

test('rounds end with the budget, but not before the second', async () => {
  const pace = { ...PACE, budgetMs: -1 };
  const { results } = await measure([{ name: 'a' }], {}, [], pace);
  assert.is(results[0]?.samples?.length, 2);
});

test('a program that fails is named', async () => {
  const measure = async (): Promise<never> => wrong();
  const { failures } = await runGroup({ name: 'room/program', measure });
  assert.equal(failures, [{ group: 'room/program', message: 'fails: 4 instead of 5' }]);
});

test('a program that hangs is named', async () => {
  const { failures } = await runGroup({ name: 'room/program', timeoutMs: HANGS_AFTER_MS, measure: hang });
  assert.equal(failures, [{ group: 'room/program', message: `fails: not done within ${HANGS_AFTER_MS} ms` }]);
});

test('a quick run finds its batches first, has no patience, looks again for what is to allocate nothing', async () => {
  const log: string[] = [];
  const more = { patience: 3, allocationFree: ['b'] };
  const { results, ratios } = await measure([{ name: 'a' }, { name: 'b' }], more, log, QUICK_PACE);
  const count = (line: string): number => log.filter((each) => each === line).length;
  assert.equal([count('trial a'), count('round a')], [2, 1 + QUICK_PACE.rounds]);
  assert.equal([count('allocation a'), count('allocation b')], [1, 3]);
  assert.is(results.length, 2);
  assert.equal(
    ratios.map(({ name, value }) => [name, value]),
    [['room/what: bytes per operation, b', 24]],
  );
});

/** Counts, by which tinybench sees something happen. */
class Counting implements Contender {
  readonly name: string;
  readonly isAsync = false;
  readonly batch = 1_000;
  readonly log: string[] = [];
  #sum = 0;

  constructor(name: string) {
    this.name = name;
  }

  verify(): void {
    this.log.push('verify');
  }

  run(count: number): undefined {
    for (let i = 0; i < count; i++) this.#sum += i;
  }
}

test('contenders in this process are timed by tinybench', async () => {
  const counting = new Counting('counting');
  const throwing = Object.assign(new Counting('throwing'), {
    run: () => {
      throw new Error('no');
    },
  });
  const contenders = () => [counting, throwing, { name: 'gone', skipped: 'not installed' }];
  const pace = { ...QUICK_PACE, roundMs: 1, warmupMs: 1 };
  const { results, failures, skipped } = await runGroup(
    { name: 'room/own', unit: 'operations/s', contenders },
    { pace },
  );
  assert.equal(contendersOf(results), ['counting']);
  assert.ok((results[0]?.median as number) > 0);
  assert.equal(counting.log, ['verify', 'verify']);
  assert.equal(failures, [{ group: 'room/own', contender: 'throwing', message: 'fails while warming up: no' }]);
  assert.equal(skipped, ['gone: not installed']);
});

test('memory is looked at after each tenth of the operations', async () => {
  const log: string[] = [];
  const settings = { name: 'room/memory', memoryAfter: 1_000, mostMegabytes: { a: 40 }, mostGrowth: 1.5 };
  const { results, ratios } = await runGroup(
    { ...settings, contenders: () => [] },
    { pace: PACE, start: async () => new FakeHost([{ name: 'a' }], log) },
  );
  assert.is(log.filter((line) => line === 'operate a').length, 11, 'one of them to warm up');
  assert.equal([results[0]?.unit, results[0]?.median], ['MB RSS after 1000 operations', 50]);
  assert.equal(
    ratios.map(({ name, value, goal }) => [name, value, goal]),
    [
      ['room/memory: a, MB RSS', 50, 40],
      ['room/memory: a, growth', 1, 1.5],
    ],
  );
});

test.run();
