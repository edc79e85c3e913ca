import { BufferPool } from 'flysocket/pool';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { throwsCode } from './throwsCode.ts';

const test = suite('PooledBuffer');

test('goes back with the last reference', () => {
  const pool = new BufferPool();
  const pooled = pool.acquire(10);
  assert.is(pooled.retain(), pooled);
  assert.is(pooled.refCnt, 2);
  assert.not.ok(pooled.release());
  assert.is(pool.stats.released, 0);
  assert.ok(pooled.release());
  assert.is(pooled.refCnt, 0);
  assert.is(pool.stats.released, 1);
});

for (const tracking of [false, true]) {
  for (const length of [10, 2 ** 21]) {
    const name = `${length} bytes, ${tracking ? 'tracked' : 'untracked'}`;

    test(`no more releases than references: ${name}`, () => {
      const pool = new BufferPool({ tracking, label: 'p' });
      const pooled = pool.acquire(length);
      pooled.release();
      const message = throwsCode(() => pooled.release(), 'ERR_FLYSOCKET_DOUBLE_RELEASE');
      assert.match(message, 'pool "p"');
      assert.is(message.includes('PooledBuffer.spec'), tracking);
      throwsCode(() => pooled.retain(), 'ERR_FLYSOCKET_USE_AFTER_RELEASE');
      assert.is(pool.stats.released, 1);
      pool.assertQuiescent();
    });

    test(`a holder's epoch tells that the bytes are another's: ${name}`, () => {
      const pool = new BufferPool({ tracking });
      const pooled = pool.acquire(length);
      const { epoch } = pooled;
      assert.is(pooled.checked(epoch), pooled.buffer);
      pooled.release();
      throwsCode(() => pooled.checked(epoch), 'ERR_FLYSOCKET_USE_AFTER_RELEASE');
      const next = pool.acquire(length);
      throwsCode(() => pooled.checked(epoch), 'ERR_FLYSOCKET_USE_AFTER_RELEASE');
      assert.is(next.checked(next.epoch), next.buffer);
      next.release();
    });
  }
}

test.run();
