import { RSocketError } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';

/** Runs what should fail, checks the error's code, and returns its message for further checks. */
export function throwsCode(run: () => unknown, code: string): string {
  try {
    run();
  } catch (error) {
    assert.instance(error, RSocketError);
    assert.is((error as RSocketError).code, code, (error as RSocketError).message);
    return (error as RSocketError).message;
  }
  assert.unreachable(`did not throw ${code}`);
  return '';
}
