import { systemClock } from 'flysocket/core';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { until } from '../tck/until.ts';

const test = suite('the clock of the machine');

test('runs a task once it is due, but none that was cleared, or is due beyond LONGEST_TIMER_MS', async () => {
  let due = 0;
  let others = 0;
  const other = (): void => {
    others++;
  };
  const startMs = systemClock.nowMs();
  const cleared = systemClock.setTimer(other, 1);
  const never = [systemClock.setTimer(other, Number.POSITIVE_INFINITY), systemClock.setTimer(other, 2 ** 31)];
  systemClock.clearTimer(cleared);
  systemClock.clearTimer(cleared);
  systemClock.clearTimer(undefined);
  const timer = systemClock.setTimer(() => {
    due++;
  }, 20);
  await until(() => due > 0, 'the timer has run');
  assert.ok(systemClock.nowMs() >= startMs + 15);
  assert.is(others, 0);
  for (const each of [timer, ...never]) systemClock.clearTimer(each);
});

test.run();
