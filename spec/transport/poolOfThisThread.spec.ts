import { poolOfThisThread, THREAD_POOL_BYTES } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('the pool of a thread');

test('is one, and holds no more than THREAD_POOL_BYTES', () => {
  const pool = poolOfThisThread();
  assert.is(poolOfThisThread(), pool);
  assert.is(pool.tryAcquire(THREAD_POOL_BYTES + 1), null);
});

test.run();
