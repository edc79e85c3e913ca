import {
  BackoffIdleStrategy,
  BusySpinIdleStrategy,
  DEFAULT_MAX_PARK_PERIOD_MICROS,
  type IdleStrategy,
  NoOpIdleStrategy,
  SleepingIdleStrategy,
} from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('idle strategies');

/** The timeouts, in milliseconds, of the waits that `run` makes. None of them is really waited for. */
function waitsOf(run: () => void): number[] {
  const waits: number[] = [];
  const original = Atomics.wait;
  Atomics.wait = ((cells: Int32Array, index: number, value: number, timeout: number) => {
    assert.is(cells[index], value, 'the cell holds what is waited on');
    waits.push(timeout);
    return 'timed-out';
  }) as typeof Atomics.wait;
  try {
    run();
  } finally {
    Atomics.wait = original;
  }
  return waits;
}

function idleTimes(strategy: IdleStrategy, times: number, workCount = 0): void {
  for (let i = 0; i < times; i++) strategy.idle(workCount);
}

test('no-op and busy spin never wait', () => {
  assert.equal(
    waitsOf(() => idleTimes(new NoOpIdleStrategy(), 1_000)),
    [],
  );
  assert.equal(
    waitsOf(() => idleTimes(new BusySpinIdleStrategy(), 1_000)),
    [],
  );
});

test('sleeping waits its periodMicros each time there was no work', () => {
  assert.equal(
    waitsOf(() => idleTimes(new SleepingIdleStrategy(), 2)),
    [1, 1],
  );
  assert.equal(
    waitsOf(() => idleTimes(new SleepingIdleStrategy(50), 1)),
    [0.05],
  );
  assert.equal(
    waitsOf(() => idleTimes(new SleepingIdleStrategy(), 2, 1)),
    [],
  );
});

test('backoff spins maxSpins, pauses maxPauses, then parks for minParkPeriodMicros, doubled up to the longest', () => {
  const strategy = new BackoffIdleStrategy(5, 3, 1, 6);
  assert.equal(
    waitsOf(() => idleTimes(strategy, 8)),
    [],
  );
  assert.equal(
    waitsOf(() => idleTimes(strategy, 5)),
    [0.001, 0.002, 0.004, 0.006, 0.006],
  );
});

test('backoff begins again after work, and after a reset', () => {
  const strategy = new BackoffIdleStrategy(1, 1, 1, 100);
  waitsOf(() => idleTimes(strategy, 6));
  strategy.idle(1);
  assert.equal(
    waitsOf(() => idleTimes(strategy, 4)),
    [0.001, 0.002],
  );
  strategy.reset();
  assert.equal(
    waitsOf(() => idleTimes(strategy, 3)),
    [0.001],
  );
});

test('the longest park by default is bounded', () => {
  const waits = waitsOf(() => idleTimes(new BackoffIdleStrategy(), 10_000));
  assert.is(Math.max(...waits), DEFAULT_MAX_PARK_PERIOD_MICROS / 1_000);
});

test('a park ends by itself', () => {
  new SleepingIdleStrategy(10).idle(0);
});

test.run();
