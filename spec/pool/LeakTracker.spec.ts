import { BufferPool, POISON, type PooledBuffer } from 'flysocket/pool';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { throwsCode } from './throwsCode.ts';

const test = suite('LeakTracker');

for (const shared of [false, true]) {
  const tracked = () => new BufferPool({ tracking: true, shared, label: 'tracked' });
  const name = shared ? 'shared memory' : 'memory of one thread';

  test(`released bytes are poison, ${name}`, () => {
    for (const length of [100, 2 ** 21]) {
      const pooled = tracked().acquire(length);
      const { buffer, offset, capacity } = pooled;
      buffer.bytes.fill(1, offset, offset + capacity);
      pooled.release();
      for (const i of [0, length - 1, capacity - 1]) assert.is(buffer.getUint8(offset + i), POISON);
    }
  });

  test(`finds a write after release when the slot goes out again, and names the culprit, ${name}`, () => {
    const pool = tracked();
    const pooled = acquireCarelessly(pool);
    pooled.release();
    pooled.buffer.putUint8(pooled.offset + 3, 7);
    const message = throwsCode(() => pool.acquire(100), 'ERR_FLYSOCKET_USE_AFTER_RELEASE');
    assert.match(message, 'pool "tracked", slab 1, slot 0 of 112 bytes, byte 3 is 7');
    assert.match(message, 'acquireCarelessly');
    pool.acquire(100).release();
    pool.assertQuiescent();
  });

  test(`finds a write after release that nobody stumbled over, ${name}`, () => {
    const pool = tracked();
    const others = [pool.acquire(100), pool.acquire(100)];
    const pooled = acquireCarelessly(pool);
    pooled.release();
    for (const other of others) other.release();
    pooled.buffer.putUint8(pooled.offset + pooled.capacity - 1, 0);
    const message = throwsCode(() => pool.assertQuiescent(), 'ERR_FLYSOCKET_USE_AFTER_RELEASE');
    assert.match(message, 'slot 2 of 112 bytes, byte 111 is 0');
    assert.match(message, 'acquireCarelessly');
  });

  test(`finds a write to a slot that nobody ever had, ${name}`, () => {
    const pool = tracked();
    const pooled = pool.acquire(100);
    pooled.buffer.putUint8(pooled.offset + pooled.capacity, 1);
    const message = throwsCode(() => pool.acquire(100), 'ERR_FLYSOCKET_USE_AFTER_RELEASE');
    assert.match(message, 'slot 1 of 112 bytes, byte 0 is 1; last acquired by\nnobody');
    pooled.release();
  });
}

test('names who leaked, and only him', () => {
  const pool = new BufferPool({ tracking: true, label: 'tracked' });
  pool.acquire(10).release();
  const leaked = acquireCarelessly(pool);
  const huge = pool.tryAcquire(2 ** 21)!.retain();

  const leaks = pool.leaks();
  assert.equal(
    leaks.map(({ length, refCnt }) => [length, refCnt]),
    [
      [100, 1],
      [2 ** 21, 2],
    ],
  );
  assert.match(leaks[0]!.acquiredAt.split('\n')[0]!, 'acquireCarelessly');
  assert.match(leaks[1]!.acquiredAt.split('\n')[0]!, 'LeakTracker.spec');

  const message = throwsCode(() => pool.assertQuiescent(), 'ERR_FLYSOCKET_POOL_LEAK');
  assert.match(message, 'pool "tracked": 2 buffers');
  assert.match(message, 'acquireCarelessly');

  leaked.release();
  huge.release();
  huge.release();
  pool.assertQuiescent();
  assert.equal(pool.leaks(), []);
});

test('a released buffer stays dead though its slot lives again', () => {
  const pool = new BufferPool({ tracking: true });
  const dead = pool.acquire(10);
  dead.release();
  const live = pool.acquire(10);
  assert.is(live.offset, dead.offset);
  throwsCode(() => dead.release(), 'ERR_FLYSOCKET_DOUBLE_RELEASE');
  assert.is(live.refCnt, 1);
  live.release();
});

function acquireCarelessly(pool: BufferPool): PooledBuffer {
  return pool.acquire(100);
}

test.run();
