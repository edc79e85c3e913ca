import { DirectBuffer } from 'flysocket/flyweight';
import { DRAIN_LOST, DrainQueue, INSUFFICIENT_CAPACITY } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import {
  bytesOf,
  CAPACITY,
  codeOf,
  contentsOf,
  drained,
  ENTRIES,
  HEAD,
  memory,
  queueOf,
  TAIL,
  TAKEN,
  TRAILER,
  TRAILER_LENGTH,
  UNIT,
} from './drainQueueSupport.ts';

const test = suite('DrainQueue');

test('says how much memory it takes, and finds its capacity in it', () => {
  assert.is(DrainQueue.lengthFor(1024), 1024 + 1024 / 8 + TRAILER_LENGTH);
  const queue = new DrainQueue(memory(1024));
  assert.is(queue.capacity, 1024);
  assert.is(queue.maxMsgLength, 128);
  assert.is(queue.size(), 0);
});

for (const capacity of [0, 256, 513, 768, 2 ** 31]) {
  test(`refuses a capacity of ${capacity}`, () => {
    assert.is(
      codeOf(() => DrainQueue.lengthFor(capacity)),
      'ERR_FLYSOCKET_RING_CAPACITY',
    );
  });
}

test('refuses memory of another length, and memory that holds something else', () => {
  assert.is(
    codeOf(() => new DrainQueue(new SharedArrayBuffer(1000))),
    'ERR_FLYSOCKET_RING_CAPACITY',
  );
  const other = memory();
  new Int32Array(other)[TRAILER] = 77;
  assert.is(
    codeOf(() => new DrainQueue(other)),
    'ERR_FLYSOCKET_RING_MAGIC',
  );
});

test('refuses memory whose initialisation was never finished', () => {
  const torn = memory();
  new Int32Array(torn)[TRAILER] = 1;
  assert.is(
    codeOf(() => new DrainQueue(torn)),
    'ERR_FLYSOCKET_RING_ATTACH_TIMEOUT',
  );
});

test('hands over what was offered, in order, once', () => {
  const queue = queueOf();
  assert.ok(queue.offer(3, bytesOf(5), 0, 5));
  assert.ok(queue.offer(4, bytesOf(8, 10), 2, 3));
  assert.ok(queue.offer(5, new DirectBuffer(bytesOf(40)), 1, 30));
  assert.ok(queue.offer(6, bytesOf(0), 0, 0));
  assert.equal(drained(queue), [
    { type: 3, bytes: [1, 2, 3, 4, 5] },
    { type: 4, bytes: [12, 13, 14] },
    { type: 5, bytes: [...bytesOf(30, 2)] },
    { type: 6, bytes: [] },
  ]);
  assert.is(queue.size(), 0);
  assert.equal(drained(queue), []);
});

test('counts what is taken, in units of 32 bytes', () => {
  const queue = queueOf();
  queue.offer(1, bytesOf(24), 0, 24);
  assert.is(queue.size(), UNIT);
  queue.offer(1, bytesOf(25), 0, 25);
  assert.is(queue.size(), 3 * UNIT);
});

test('writes the record as drawn', () => {
  const shared = memory();
  const queue = new DrainQueue(shared);
  queue.offer(7, Uint8Array.of(0xaa, 0xbb), 0, 2);
  const words = new Int32Array(shared);
  assert.equal([...words.subarray(0, 2)], [10, 7], 'length with header, type');
  assert.equal([...new Uint8Array(shared, 8, 2)], [0xaa, 0xbb]);
  assert.is(words[ENTRIES], (0 << 4) | (1 << 2) | 0b10, 'lap 0, one unit, committed');
  assert.is(words[TAIL], 1, 'tail');
  assert.is(words[HEAD], 0, 'head');
  queue.drain(() => assert.is(words[HEAD], TAKEN, 'taken, not moved yet'));
  assert.is(words[HEAD], 1, 'moved and left');
});

test('refuses when full, and writes nothing', () => {
  const shared = memory();
  const queue = new DrainQueue(shared);
  const message = bytesOf(24);
  for (let i = 0; i < CAPACITY / UNIT; i++) assert.ok(queue.offer(1, message, 0, 24));
  const before = contentsOf(shared);
  assert.not(queue.offer(2, message, 0, 24));
  assert.is(queue.tryClaim(2, 0), INSUFFICIENT_CAPACITY);
  assert.equal(contentsOf(shared), before);
  assert.is(drained(queue, 1).length, 1);
  assert.ok(queue.offer(2, message, 0, 24));
  assert.is(drained(queue).length, CAPACITY / UNIT);
});

test('refuses, and writes nothing, when a message fits neither with its padding before the end nor after it', () => {
  const shared = memory();
  const queue = new DrainQueue(shared);
  for (let i = 0; i < 15; i++) queue.offer(1, bytesOf(24), 0, 24);
  drained(queue, 2);
  // One unit before the end, two after it: three are needed.
  const before = contentsOf(shared);
  assert.not(queue.offer(2, bytesOf(64), 0, 64));
  assert.equal(contentsOf(shared), before);
  assert.ok(queue.offer(3, bytesOf(40), 0, 40), 'two units fit, behind one of padding');
  assert.is(queue.size(), CAPACITY);
  assert.equal(
    drained(queue).map(({ type }) => type),
    [...new Array(13).fill(1), 3],
  );
});

test('gives a claimed message to nobody before its commit, nor those behind it', () => {
  const shared = memory();
  const slow = new DrainQueue(shared);
  const quick = new DrainQueue(shared);
  const index = slow.tryClaim(1, 2);
  slow.buffer.bytes.set([5, 6], index);
  assert.is(index % UNIT, 8);
  assert.ok(quick.offer(2, bytesOf(1), 0, 1));
  assert.equal(drained(quick), []);
  assert.ok(slow.commit(index));
  assert.equal(drained(quick), [
    { type: 1, bytes: [5, 6] },
    { type: 2, bytes: [1] },
  ]);
});

test('passes over an aborted claim', () => {
  const queue = queueOf();
  const index = queue.tryClaim(1, 60);
  assert.ok(queue.offer(2, bytesOf(1), 0, 1), 'an offer beside an open claim is its own');
  queue.abort(index);
  assert.equal(drained(queue), [{ type: 2, bytes: [1] }]);
  assert.is(queue.size(), 0);
});

test('a source that does not hold the bytes leaves nothing behind', () => {
  const queue = queueOf();
  assert.is(
    codeOf(() => queue.offer(1, bytesOf(4), 2, 4)),
    'ERR_FLYSOCKET_OUT_OF_BOUNDS',
  );
  assert.equal(drained(queue), []);
  assert.is(queue.size(), 0);
});

test("a caller's bug throws", () => {
  const queue = queueOf();
  for (const [type, length] of [
    [0, 1],
    [-1, 1],
    [1, -1],
    [1, queue.maxMsgLength + 1],
    [1, Number.NaN],
  ] as const) {
    assert.is(
      codeOf(() => queue.tryClaim(type, length)),
      'ERR_FLYSOCKET_RING_MESSAGE',
    );
  }
  assert.is(
    codeOf(() => queue.commit(8)),
    'ERR_FLYSOCKET_RING_CLAIM',
  );
  const index = queue.tryClaim(1, 1);
  assert.is(
    codeOf(() => queue.tryClaim(1, 1)),
    'ERR_FLYSOCKET_RING_CLAIM',
  );
  assert.is(
    codeOf(() => queue.abort(index + 1)),
    'ERR_FLYSOCKET_RING_CLAIM',
  );
  assert.ok(queue.commit(index));
  assert.is(
    codeOf(() => queue.commit(index)),
    'ERR_FLYSOCKET_RING_CLAIM',
  );
});

test('a limit ends the drain, and the rest is there for the next', () => {
  const queue = queueOf();
  for (let type = 1; type <= 5; type++) queue.offer(type, bytesOf(1), 0, 1);
  assert.equal(
    drained(queue, 2).map(({ type }) => type),
    [1, 2],
  );
  assert.is(
    queue.drain(() => {}, 0),
    0,
  );
  assert.equal(
    drained(queue).map(({ type }) => type),
    [3, 4, 5],
  );
});

test('the winner also drains what is added meanwhile', () => {
  const shared = memory();
  const queue = new DrainQueue(shared);
  const other = new DrainQueue(shared);
  queue.offer(1, bytesOf(1), 0, 1);
  const types: number[] = [];
  const handled = queue.drain((type) => {
    types.push(type);
    if (type < 20) assert.ok(other.offer(type + 1, bytesOf(24), 0, 24));
  });
  assert.is(handled, 20);
  assert.equal(
    types,
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
});

test('a loser returns at once, and so does the drainer from within its own handler', () => {
  const shared = memory();
  const queue = new DrainQueue(shared);
  const other = new DrainQueue(shared);
  queue.offer(1, bytesOf(1), 0, 1);
  const results: number[] = [];
  assert.is(
    queue.drain(() => {
      results.push(other.drain(() => assert.unreachable()));
      results.push(queue.drain(() => assert.unreachable()));
    }),
    1,
  );
  assert.equal(results, [DRAIN_LOST, DRAIN_LOST]);
  assert.is(
    other.drain(() => assert.unreachable()),
    0,
  );
});

test('a message whose handler throws counts as handled, and the claim is left', () => {
  const shared = memory();
  const queue = new DrainQueue(shared);
  queue.offer(1, bytesOf(1), 0, 1);
  queue.offer(2, bytesOf(1), 0, 1);
  assert.throws(
    () =>
      queue.drain(() => {
        throw new Error('from the handler');
      }),
    'from the handler',
  );
  assert.equal(
    drained(new DrainQueue(shared)).map(({ type }) => type),
    [2],
  );
});

for (const { what, word, value } of [
  { what: 'a length below the header', word: 0, value: 7 },
  { what: 'a negative length', word: 0, value: -10 },
  { what: 'a length beyond the record', word: 0, value: 33 },
  { what: 'a type of 0', word: 1, value: 0 },
]) {
  test(`a scribbled header with ${what} is an error, and the queue goes on behind it`, () => {
    const shared = memory();
    const queue = new DrainQueue(shared);
    queue.offer(1, bytesOf(2), 0, 2);
    queue.offer(2, bytesOf(2), 0, 2);
    new Int32Array(shared)[word] = value;
    assert.is(
      codeOf(() => queue.drain(() => assert.unreachable())),
      'ERR_FLYSOCKET_RING_CORRUPT',
    );
    assert.equal(
      drained(queue).map(({ type }) => type),
      [2],
    );
  });
}

test('a scribbled entry is an error, handles nothing, and leaves the claim', () => {
  const shared = memory();
  const queue = new DrainQueue(shared);
  queue.offer(1, bytesOf(2), 0, 2);
  const words = new Int32Array(shared);
  const entry = words[ENTRIES] as number;
  for (const scribbled of [0, entry + 16, 0b11]) {
    words[ENTRIES] = scribbled;
    assert.is(
      codeOf(() => queue.drain(() => assert.unreachable())),
      'ERR_FLYSOCKET_RING_CORRUPT',
    );
    assert.is((words[HEAD] as number) & TAKEN, 0);
  }
  words[ENTRIES] = entry;
  assert.is(drained(queue).length, 1);
});

test.run();
