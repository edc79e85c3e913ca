import { DirectBuffer } from 'flysocket/flyweight';
import { DRAIN_LOST, DrainQueue } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { bytesPerOp } from '../support/bytesPerOp.ts';
import { suite } from '../support/suite.ts';

const test = suite('DrainQueue allocates nothing');

const shared = new SharedArrayBuffer(DrainQueue.lengthFor(1 << 16));
const queue = new DrainQueue(shared);
const other = new DrainQueue(shared);
const direct = new DirectBuffer(new ArrayBuffer(256));
const whole = new Uint8Array(64);
let sum = 0;
const add = (_type: number, buffer: DirectBuffer, index: number, length: number): void => {
  sum = (sum + buffer.getInt32Native(index) + length) | 0;
};

const CASES: Readonly<Record<string, (operations: number) => void>> = {
  'offer of a part of a DirectBuffer, and drain': (operations) => {
    for (let i = 0; i < operations; i++) {
      queue.offer(1, direct, 8, 64);
      queue.drain(add);
    }
  },
  'offer of a whole Uint8Array, and drain of many': (operations) => {
    for (let i = 0; i < operations; i++) {
      queue.offer(1, whole, 0, 64);
      if ((i & 63) === 63) queue.drain(add);
    }
    queue.drain(add);
  },
  'claim, commit, and drain': (operations) => {
    for (let i = 0; i < operations; i++) {
      const index = queue.tryClaim(1, 64);
      queue.buffer.putInt32(index, i);
      queue.commit(index);
      queue.drain(add);
    }
  },
  'drain of an empty queue': (operations) => {
    for (let i = 0; i < operations; i++) queue.drain(add);
  },
  'offer into a full queue': (operations) => {
    while (queue.offer(1, direct, 0, 64));
    for (let i = 0; i < operations; i++) queue.offer(1, direct, 0, 64);
    queue.drain(add);
  },
};

for (const [name, run] of Object.entries(CASES)) {
  test(name, () => {
    const bytes = bytesPerOp(run);
    assert.ok(bytes < 0.1, `${bytes} bytes per operation`);
  });
}

test('a loser, by its own hand clock', () => {
  const clock = { now: 0 };
  const loser = new DrainQueue(shared, { clock: () => clock.now });
  queue.offer(1, direct, 0, 8);
  let bytes = -1;
  queue.drain(() => {
    bytes = bytesPerOp((operations) => {
      for (let i = 0; i < operations; i++) if (loser.drain(add) !== DRAIN_LOST) throw new Error('took the claim');
    });
  });
  assert.ok(bytes < 0.1, `${bytes} bytes per operation`);
});

test('a loser, by performance.now, beside a drainer that goes on: it does not read the clock', () => {
  queue.offer(1, direct, 0, 8);
  let bytes = -1;
  queue.drain(() => {
    bytes = bytesPerOp((operations) => {
      for (let i = 0; i < operations; i++) {
        if (other.drain(add) !== DRAIN_LOST) throw new Error('took the claim');
        queue.renew();
      }
    });
  });
  assert.ok(bytes < 0.1, `${bytes} bytes per operation`);
});

test.run();
