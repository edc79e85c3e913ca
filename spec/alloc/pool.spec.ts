import { DirectBuffer } from 'flysocket/flyweight';
import { BufferPool, CompositeBuffer, type PooledBuffer, SliceAllocator } from 'flysocket/pool';
import * as assert from 'uvu/assert';
import { bytesPerOp } from '../support/bytesPerOp.ts';
import { suite } from '../support/suite.ts';

const SOURCE = new DirectBuffer(new ArrayBuffer(4096));

const test = suite('pool: bytes per operation');

for (const shared of [false, true]) {
  const memory = shared ? 'shared memory' : 'memory of one thread';

  test(`acquire and release, ${memory}`, () => {
    const pool = new BufferPool({ shared });
    const held: PooledBuffer[] = [];
    for (let i = 0; i < 100; i++) held.push(pool.acquire(i * 20));
    // As after a day: sums beyond 32 bits.
    pool.stats.bytesAcquired += 2 ** 40;
    pool.stats.bytesReleased += 2 ** 40;
    let n = 0;
    const bytes = bytesPerOp((operations) => {
      for (let i = 0; i < operations; i++) {
        n = (n + 7) % 100;
        (held[n] as PooledBuffer).release();
        held[n] = pool.acquire(n * 20).retain();
        (held[n] as PooledBuffer).release();
      }
    });
    assert.ok(bytes < 1, `${bytes} bytes`);
  });

  test(`a composite that is used again, ${memory}`, () => {
    const pool = new BufferPool({ shared });
    const composite = new CompositeBuffer(pool);
    const target = new DirectBuffer(new ArrayBuffer(8192));
    const bytes = bytesPerOp(
      (operations) => {
        for (let i = 0; i < operations; i++) {
          composite.reset();
          for (let k = 0; k < 12; k++) composite.append(SOURCE, k, 100);
          composite.addComponent(pool.acquire(1000), 0, 1000);
          composite.append(SOURCE, 0, 700);
          composite.addSlice(SOURCE, 0, 500);
          composite.getInt32(1198);
          composite.getBytes(5, target, 0, 2000);
          composite.release();
        }
      },
      { operations: 20_000 },
    );
    assert.ok(bytes < 1, `${bytes} bytes`);
  });
}

test('a slice costs its bytes and a share of the slab', () => {
  const allocator = new SliceAllocator();
  const bytes = bytesPerOp((operations) => {
    for (let i = 0; i < operations; i++) allocator.allocate(64, i & 7);
  });
  assert.ok(bytes < 80, `${bytes} bytes for 64`);
});

test.run();
