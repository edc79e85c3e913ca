import * as assert from 'uvu/assert';
import { Progress } from '../../bench/harness/program/Progress.ts';
import { suite } from '../support/suite.ts';

const test = suite('Progress');

test('the time left is by what the groups before took for their cost', () => {
  let now = 0;
  let line = '';
  const output = {
    isTTY: true,
    columns: 60,
    write: (text: string) => {
      line = text;
    },
  };
  const progress = new Progress(output, [1, 3, 2], true, () => now);
  progress.begin('a');
  assert.is(progress.leftMs(), 6 * 2_000, 'a guess at first');
  now = 10_000;
  progress.end();
  assert.is(line, '\r\x1b[K');
  progress.begin('b');
  assert.is(progress.leftMs(), 50_000);
  now = 15_000;
  progress.show('x: running round 1');
  assert.is(line, '\r\x1b[K[2/3] 45 s left  b  x: running round 1');
  now = 100_000;
  assert.is(progress.leftMs(), 20_000, 'what takes longer than thought is soon done');
  progress.end();
  progress.begin('c');
  assert.is(progress.leftMs(), 50_000);
  progress.show('y'.repeat(200));
  assert.is(line.length, '\r\x1b[K'.length + 59, 'a column less than there are: no line is wrapped');
  progress.end();
  assert.is(progress.leftMs(), 0);
});

test('nobody looks at a file', () => {
  const output = {
    write: () => {
      throw new Error('written');
    },
  };
  const progress = new Progress(output, [1], false, () => 0);
  progress.begin('a');
  progress.show('b');
  progress.end();
});

test.run();
