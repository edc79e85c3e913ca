import { RSocketError } from 'flysocket';
import * as assert from 'uvu/assert';

/** The error with which `promise` rejects, whose code is `code`. */
export async function rejectedWith(promise: Promise<unknown>, code: string): Promise<RSocketError> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, RSocketError);
    assert.is((error as RSocketError).code, code);
    return error as RSocketError;
  }
  throw new Error(`it did not reject with ${code}`);
}
