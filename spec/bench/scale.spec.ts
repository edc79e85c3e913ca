import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import type { AnyGroup, Contender, Measured, ResultRow } from '../../bench/harness/index.ts';
import { answerTo } from '../../bench/scale/answer.ts';
import { FanIn } from '../../bench/scale/FanIn.ts';
import { ScaledRequests, type ScaledRequestsOptions } from '../../bench/scale/ScaledRequests.ts';
import { costRow, idealRows, type Series, seriesGroup } from '../../bench/scale/Series.ts';
import { messageSize, openStreams } from '../../bench/scale/scale.ts';
import { suite } from '../support/suite.ts';

const test = suite('bench scale');

const REQUESTS = 600;

async function opened(options: Partial<ScaledRequestsOptions>): Promise<ScaledRequests> {
  const contender = new ScaledRequests('requests', { batch: 1, ...options });
  await contender.open();
  return contender;
}

const SCALES: readonly (readonly [string, Partial<ScaledRequestsOptions>])[] = [
  ['beside 3,000 open streams', { openStreams: 3_000, looksAtMemory: true }],
  ['on five links', { links: 5, looksAtMemory: true }],
  ['of 16 bytes', { dataLength: 16 }],
  ['of 100,000 bytes', { dataLength: 100_000, inFlight: 8, verified: 50 }],
];

for (const [what, options] of SCALES) {
  test(`requests ${what} are answered`, async () => {
    const contender = await opened(options);
    try {
      await contender.verify();
      await contender.run(REQUESTS);
      await contender.runMeasuringPeer(10);
      if (options.openStreams !== undefined) assert.ok(contender.memoryOfStreams.heapBytes > 0);
      if (options.links !== undefined) assert.ok(contender.memoryOfLinks.arrayBufferBytes > 5 * 262_144);
    } finally {
      await contender.close();
    }
  });
}

test('an answer to other bytes than were sent is found', async () => {
  const contender = await opened({ dataLength: 64 });
  try {
    const sent = new DirectBuffer(new ArrayBuffer(64));
    const bytes = new DirectBuffer(new ArrayBuffer(128));
    const answer = new PayloadFlyweight().wrapData(bytes, 0, 128);
    const wrong: readonly (() => void)[] = [
      () => answerTo(sent, 0, 63, bytes),
      () => sent.putUint8(31, 1),
      () => sent.putUint8(63, 1),
      () => sent.putUint8(0, 1),
    ];
    for (const spoil of wrong) {
      sent.bytes.fill(0);
      spoil();
      if (spoil !== wrong[0]) answerTo(sent, 0, 64, bytes);
      const running = contender.run(1);
      contender.take(0, answer);
      await running.then(
        () => assert.unreachable('was not found'),
        (error: Error) => assert.match(error.message, /requests: (other bytes|wrong answer)/),
      );
    }
  } finally {
    await contender.close();
  }
});

for (const way of ['rings', 'queue'] as const) {
  test(`messages of three producers arrive by ${way}, those of each in order`, async () => {
    const contender = new FanIn('fan-in', 1, way, 3);
    await contender.open();
    try {
      contender.verify();
      assert.ok(contender.run(50_000) > 0);
      contender.runMeasuringPeer(100);
    } finally {
      await contender.close();
    }
  });
}

test('a producer that sends a message twice is found', async () => {
  const contender = new FanIn('fan-in', 1, 'rings', 2, new URL('./fanInLiar.worker.js', import.meta.url));
  await contender.open();
  try {
    contender.run(8);
    assert.throws(() => contender.run(40), /fan-in: 20, 20 messages in order/);
  } finally {
    await contender.close();
  }
});

function row(contender: string, median: number): ResultRow {
  return { group: 's', contender, unit: 'operations/s', median, min: median / 2, max: median * 2, samples: [median] };
}

const tens: Series = {
  name: 's',
  noun: 'tens',
  operation: 'item',
  points: () => [1, 2],
  contender: (name) => sleeper(name),
  others: (point) => [sleeper(`other ${point}`)],
  tell: (_contender, point) => [['bytes', 10 * point]],
};

function sleeper(name: string): Contender {
  return { name, batch: 1_000, isAsync: false, verify() {}, run: (count) => count / 1_000 };
}

test('a rate becomes a cost', () => {
  const { unit, median, min, max, samples } = costRow(row('1 tens', 1e6), 'item');
  assert.equal([unit, median, min, max, samples], ['ns per item', 1_000, 500, 2_000, [1_000]]);
});

test('the ideal is what the first point costs, or what the series says', () => {
  const measured: Measured = { results: [row('1 tens', 1e6), row('other 1', 1e8), row('20 tens', 1e5)], ratios: [] };
  const figures = (series: Series): unknown =>
    idealRows(measured, series).map(({ contender, median }) => [contender, median]);
  assert.equal(figures(tens), [
    ['ideal, 1 tens', 1_000],
    ['ideal, 20 tens', 1_000],
  ]);
  const ideal: Series['ideal'] = (first, point, costOf) => first * point + costOf('other 1');
  assert.equal(figures({ ...tens, ideal }), [
    ['ideal, 1 tens', 1_010],
    ['ideal, 20 tens', 20_010],
  ]);
  assert.equal(idealRows({ results: [], ratios: [] }, tens), []);
});

test('a series is measured point by point, each with its ideal and what is to be told of it', async () => {
  const group: AnyGroup = seriesGroup(tens);
  assert.ok('measure' in group);
  const { results, failures } = await group.measure(true);
  assert.equal(failures, []);
  const names = results.map(({ contender, unit }) => `${contender}: ${unit}`);
  for (const name of ['1 tens: ns per item', 'other 2: ns per item', 'ideal, 2 tens: ns per item', '2 tens: bytes']) {
    assert.ok(names.includes(name), name);
  }
  assert.is(results.find(({ unit }) => unit === 'bytes')?.median, 10);
});

test('a contender that fails is told by its point, and the others have theirs', async () => {
  const failing: Series = {
    ...tens,
    contender: (name, point) => ({
      ...sleeper(name),
      verify() {
        if (point === 2) throw new Error('no two');
      },
    }),
  };
  const group = seriesGroup(failing);
  assert.ok('measure' in group);
  const { results, failures = [] } = await group.measure(true);
  assert.equal(
    failures.map(({ contender }) => contender),
    ['2 tens'],
  );
  assert.ok(results.every(({ contender }) => !contender.includes('2 tens')));
  assert.ok(results.some(({ contender }) => contender === 'ideal, 1 tens'));
});

test('the points go as far as they should, and less far in a quick run', () => {
  assert.is(openStreams.points(false).at(-1), 1_000_000);
  assert.is(messageSize.points(false).at(-1), 16 * 1_048_576);
  assert.ok((openStreams.points(true).at(-1) as number) < 100_000);
});

test.run();
