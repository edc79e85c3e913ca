import * as assert from 'uvu/assert';
import { ChildLostError, ChildProgram } from '../../bench/harness/processes/ChildProgram.ts';
import { TimeLimitError } from '../../bench/harness/processes/within.ts';
import { suite } from '../support/suite.ts';

const test = suite('ChildProgram');
const PROGRAM = new URL('./answeringProgram.js', import.meta.url);

function rejectionOf(promise: Promise<unknown>): Promise<Error | undefined> {
  return promise.then(
    () => undefined,
    (error: Error) => error,
  );
}

test('a child greets, answers and throws', async () => {
  const child = await ChildProgram.start(PROGRAM, { args: ['x'], nodeFlags: ['--max-semi-space-size=2'] });
  try {
    assert.equal(child.greeting, { args: ['x'], hasGc: true, hasFlag: true });
    assert.equal(await child.ask({ echo: Uint8Array.of(1, 2) }), Uint8Array.of(1, 2));
    assert.is((await rejectionOf(child.ask('throw')))?.message, 'told to');
    assert.is(await child.ask({ echo: 2 }), 2, 'it goes on');
  } finally {
    await child.stop();
  }
});

test('a child that hangs is given up, and can be ended', async () => {
  const child = await ChildProgram.start(PROGRAM);
  assert.instance(await rejectionOf(child.ask('hang', 50)), TimeLimitError);
  await child.stop();
  await child.stop();
  assert.instance(await rejectionOf(child.ask('anything')), ChildLostError);
});

test('a child that ends takes its open questions along', async () => {
  const child = await ChildProgram.start(PROGRAM);
  const error = await rejectionOf(child.ask('exit'));
  assert.instance(error, ChildLostError);
  assert.is(error?.message, 'the process ended with code 7');
});

test('a child that does not start is told', async () => {
  const error = await rejectionOf(ChildProgram.start(PROGRAM, { args: ['exit'] }));
  assert.is(error?.message, 'the process ended with code 8');
});

test.run();
