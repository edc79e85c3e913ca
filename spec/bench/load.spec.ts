import * as assert from 'uvu/assert';
import { closedLoop } from '../../bench/harness/load/closedLoop.ts';
import { LatencyHistogram } from '../../bench/harness/load/LatencyHistogram.ts';
import { REFUSED } from '../../bench/harness/load/LoadResult.ts';
import { openLoop } from '../../bench/harness/load/openLoop.ts';
import { suite } from '../support/suite.ts';
import { VirtualClock } from './VirtualClock.ts';

const test = suite('bench load');

/** Does one request after the other, each in so many milliseconds, beginning not before `opensAt`. */
function oneAtATime(clock: VirtualClock, serviceMs: number, opensAt = 0): () => Promise<void> {
  let freeAt = opensAt;
  return async () => {
    freeAt = Math.max(freeAt, clock.now()) + serviceMs;
    await clock.sleep(freeAt - clock.now());
  };
}

const closeTo = (actual: number, expected: number): void => {
  assert.ok(Math.abs(actual - expected) <= expected * 0.002, `${actual}, expected ${expected}`);
};

test('a histogram tells microseconds', () => {
  const histogram = new LatencyHistogram();
  assert.ok(Number.isNaN(histogram.percentile(0.5)));
  assert.equal(histogram.percentiles(), {});
  for (let ms = 1; ms <= 100; ms++) histogram.record(ms);
  assert.is(histogram.count, 100);
  closeTo(histogram.percentile(0.5), 50_000);
  closeTo(histogram.percentile(0.99), 99_000);
  closeTo(histogram.percentile(1), 100_000);
  closeTo(histogram.mean, 50_500);
  const other = new LatencyHistogram();
  other.record(0.001);
  histogram.add(other);
  assert.is(histogram.count, 101);
  assert.is(histogram.percentile(0), 1);
  histogram.clear();
  assert.is(histogram.count, 0);
});

test('open loop: where the service keeps up, latency is its own', async () => {
  const clock = new VirtualClock();
  const result = await clock.run(openLoop(oneAtATime(clock, 2), { rate: 100, durationMs: 1000, clock }));
  assert.equal([result.answered, result.refused, result.unanswered], [100, 0, 0]);
  closeTo(result.latency.percentile(0), 2_000);
  closeTo(result.latency.percentile(1), 2_000);
});

test('open loop: a service half as fast as needed makes everybody stand in line', async () => {
  const clock = new VirtualClock();
  const result = await clock.run(openLoop(oneAtATime(clock, 10), { rate: 200, durationMs: 1000, clock }));
  assert.is(result.answered, 200);
  // Request i is due at 5 i and done at 10 (i + 1).
  closeTo(result.latency.percentile(0), 10_000);
  closeTo(result.latency.percentile(1), 10_000 + 199 * 5_000);
  closeTo(result.latency.mean, 10_000 + 99.5 * 5_000);
  closeTo(result.milliseconds, 2_000);
});

test('open loop: a pause of the service counts with all who were due meanwhile', async () => {
  const openClock = new VirtualClock();
  const open = await openClock.run(
    openLoop(oneAtATime(openClock, 1, 500), { rate: 100, durationMs: 1000, clock: openClock }),
  );
  const closedClock = new VirtualClock();
  const closed = await closedClock.run(
    closedLoop(oneAtATime(closedClock, 1, 500), { concurrency: 1, durationMs: 1000, clock: closedClock }),
  );
  // Half of those who came at a steady rate met the pause; of those who ask when they are answered, one did.
  assert.ok(open.latency.percentile(0.5) > 10_000, `${open.latency.percentile(0.5)}`);
  closeTo(closed.latency.percentile(0.99), 1_000);
  closeTo(closed.latency.percentile(1), 501_000);
});

test('open loop: who must wait to be sent is late from when he was due', async () => {
  const clock = new VirtualClock();
  const options = { rate: 200, durationMs: 1000, maxInFlight: 1, clock };
  const result = await clock.run(openLoop(oneAtATime(clock, 10), options));
  assert.is(result.answered, 200);
  closeTo(result.latency.percentile(1), 10_000 + 199 * 5_000);
});

test('open loop: who is never answered counts with the time until it was given up', async () => {
  const clock = new VirtualClock();
  const request = async (sequence: number): Promise<void> => {
    await clock.sleep(sequence < 50 ? 1 : Number.POSITIVE_INFINITY);
  };
  const options = { rate: 100, durationMs: 1000, drainMs: 500, maxInFlight: 10, clock };
  const result = await clock.run(openLoop(request, options));
  assert.equal([result.answered, result.unanswered, result.latency.count], [50, 50, 100]);
  // The first without an answer was due at 500 ms, the load was given up at 1,500: the others were not even sent.
  closeTo(result.latency.percentile(1), 1_000_000);
  assert.ok(result.latency.percentile(0.9) > 500_000);
});

test('open loop: users come as they like, at the rate', async () => {
  const times = async (seed: number): Promise<number[]> => {
    const clock = new VirtualClock();
    const at: number[] = [];
    const request = async (): Promise<void> => {
      at.push(clock.now());
    };
    await clock.run(openLoop(request, { rate: 1000, durationMs: 2000, arrivals: 'poisson', seed, clock }));
    return at;
  };
  const first = await times(1);
  assert.ok(first.length > 1800 && first.length < 2200, `${first.length}`);
  assert.equal(await times(1), first);
  assert.not.equal(await times(2), first);
  const gaps = first.slice(1).map((at, i) => at - (first[i] as number));
  const short = gaps.filter((gap) => gap < 0.5).length / gaps.length;
  assert.ok(short > 0.35 && short < 0.44, `${short} of the gaps are shorter than half the mean: 1 - exp(-0.5)`);
});

test('closed loop: so many are under way, and no more', async () => {
  const clock = new VirtualClock();
  let inFlight = 0;
  let most = 0;
  const request = async (): Promise<void> => {
    most = Math.max(most, ++inFlight);
    await clock.sleep(10);
    inFlight--;
  };
  const result = await clock.run(closedLoop(request, { concurrency: 4, durationMs: 1000, clock }));
  assert.is(most, 4);
  assert.is(result.answered, 400);
  closeTo(result.latency.percentile(0.5), 10_000);
  const patient = await clock.run(closedLoop(request, { concurrency: 4, durationMs: 1000, thinkMs: 10, clock }));
  assert.is(patient.answered, 200);
});

test('what is refused counts apart, without a time', async () => {
  const clock = new VirtualClock();
  const request = async (sequence: number): Promise<unknown> => {
    await clock.sleep(1);
    return sequence % 4 === 0 ? REFUSED : 'done';
  };
  const result = await clock.run(openLoop(request, { rate: 100, durationMs: 1000, clock }));
  assert.equal([result.answered, result.refused, result.latency.count], [75, 25, 75]);
});

test('a wrong answer ends the load', async () => {
  for (const load of ['open', 'closed']) {
    const clock = new VirtualClock();
    let asked = 0;
    const request = async (sequence: number): Promise<void> => {
      asked++;
      await clock.sleep(1);
      if (sequence === 5) throw new Error('wrong answer 5');
    };
    const options = { durationMs: 1000, clock };
    const running =
      load === 'open'
        ? openLoop(request, { rate: 100, ...options })
        : closedLoop(request, { concurrency: 1, ...options });
    const error = await clock.run(running).then(
      () => undefined,
      (error: Error) => error,
    );
    assert.is(error?.message, 'wrong answer 5', load);
    assert.ok(asked < 20, `${load}: ${asked}`);
  }
});

test('what is no load is refused', async () => {
  const request = async (): Promise<void> => {};
  for (const rate of [0, -1, Number.NaN]) {
    const error = await openLoop(request, { rate, durationMs: 1 }).catch((error: Error) => error);
    assert.instance(error, RangeError);
  }
  assert.instance(await closedLoop(request, { concurrency: 0, durationMs: 1 }).catch((e: Error) => e), RangeError);
});

test.run();
