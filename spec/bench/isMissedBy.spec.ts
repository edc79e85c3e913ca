import * as assert from 'uvu/assert';
import { isMissedBy } from '../../bench/harness/program/isMissedBy.ts';
import { suite } from '../support/suite.ts';

const test = suite('isMissedBy');

const atLeast = (goal: number, value: number) => ({ name: 'a', value, goal, lowerIsBetter: false });
const atMost = (goal: number, value: number) => ({ name: 'a', value, goal, lowerIsBetter: true });

test('goals are met on the edge, whatever the factor', () => {
  for (const factor of [1, 10]) {
    assert.not(isMissedBy(atLeast(20, 20 / factor), factor));
    assert.ok(isMissedBy(atLeast(20, 19.9 / factor), factor));
    assert.not(isMissedBy(atMost(20, 20 * factor), factor));
    assert.ok(isMissedBy(atMost(20, 20.1 * factor), factor));
  }
});

test('of nothing the factor itself may be there', () => {
  assert.not(isMissedBy(atMost(0, 0), 1));
  assert.ok(isMissedBy(atMost(0, 0.1), 1));
  assert.not(isMissedBy(atMost(0, 10), 10));
  assert.ok(isMissedBy(atMost(0, 10.1), 10));
});

test('without a goal there is nothing to miss', () => {
  assert.not(isMissedBy({ name: 'a', value: 0, lowerIsBetter: false }, 1));
});

test.run();
