import { DirectBuffer, RSocketError } from 'flysocket/flyweight';
import { DRAIN_LOST, DrainQueue, type DrainQueueOptions, INSUFFICIENT_CAPACITY } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('DrainQueue');

const CAPACITY = 512;
const UNIT = 32;
const TRAILER_LENGTH = 768;
/** Indices of words, for a queue of CAPACITY. */
const ENTRIES = CAPACITY / 4;
const TRAILER = ENTRIES + CAPACITY / 32;
const TAIL = TRAILER + 32;
const HEAD_CACHE = TRAILER + 64;
const HEAD = TRAILER + 96;
const CLAIM = TRAILER + 128;

interface Message {
  readonly type: number;
  readonly bytes: number[];
}

function memory(capacity = CAPACITY): SharedArrayBuffer {
  return new SharedArrayBuffer(DrainQueue.lengthFor(capacity));
}

function queueOf(options: DrainQueueOptions = {}): DrainQueue {
  return new DrainQueue(memory(), options);
}

function bytesOf(length: number, first = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => first + i);
}

function drained(queue: DrainQueue, limit?: number): Message[] {
  const messages: Message[] = [];
  queue.drain((type, buffer, index, length) => {
    messages.push({ type, bytes: [...buffer.copyOf(index, length)] });
  }, limit);
  return messages;
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof RSocketError) return error.code;
    throw error;
  }
  return 'no error';
}

/** All that is in memory, but for the producers' note of where the head was. */
function contentsOf(shared: SharedArrayBuffer): Int32Array {
  const words = new Int32Array(shared).slice();
  words[HEAD_CACHE] = 0;
  return words;
}

/** A clock that the test moves. */
function handClock(): { now: number; read: () => number } {
  const clock = { now: 0, read: (): number => clock.now };
  return clock;
}

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
  queue.drain(() => {});
  assert.is(words[HEAD], 1, 'head');
  assert.is(words[CLAIM], 2, 'claim taken and left');
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

test('a producer that never commits is passed over after the bound, and its commit then fails', () => {
  const shared = memory();
  const clock = handClock();
  const dead = new DrainQueue(shared);
  const queue = new DrainQueue(shared, { claimTimeoutMs: 100, clock: clock.read });
  const index = dead.tryClaim(1, 4);
  queue.offer(2, bytesOf(1), 0, 1);
  assert.is(
    queue.drain(() => assert.unreachable()),
    0,
  );
  clock.now = 99;
  assert.equal(drained(queue), []);
  clock.now = 100;
  assert.equal(
    drained(queue).map(({ type }) => type),
    [2],
  );
  assert.is(queue.revocations(), 1);
  assert.not(dead.commit(index));
  assert.equal(drained(queue), []);
  assert.ok(dead.offer(3, bytesOf(1), 0, 1));
  assert.equal(
    drained(queue).map(({ type }) => type),
    [3],
  );
});

test('the first look at a claimed message only notes it, whatever the clock says', () => {
  const shared = memory();
  const queue = new DrainQueue(shared, { claimTimeoutMs: 100, clock: () => 5_000 });
  const slow = new DrainQueue(shared);
  const index = slow.tryClaim(1, 1);
  queue.drain(() => assert.unreachable());
  assert.ok(slow.commit(index));
});

test('a dead producer does not block a full queue for ever', () => {
  const shared = memory();
  const clock = handClock();
  const queue = new DrainQueue(shared, { claimTimeoutMs: 100, clock: clock.read });
  new DrainQueue(shared).tryClaim(1, 1);
  while (queue.offer(2, bytesOf(24), 0, 24));
  queue.drain(() => assert.unreachable());
  clock.now = 100;
  assert.is(drained(queue).length, CAPACITY / UNIT - 1);
});

test('a slow producer that commits in time is not revoked by what was seen of another', () => {
  const shared = memory();
  const clock = handClock();
  const queue = new DrainQueue(shared, { claimTimeoutMs: 100, clock: clock.read });
  const slow = new DrainQueue(shared);
  const first = slow.tryClaim(1, 1);
  queue.drain(() => assert.unreachable());
  clock.now = 90;
  assert.ok(slow.commit(first));
  const second = slow.tryClaim(2, 1);
  assert.is(drained(queue).length, 1);
  clock.now = 150;
  queue.drain(() => assert.unreachable());
  assert.ok(slow.commit(second));
  assert.is(drained(queue).length, 1);
  assert.is(queue.revocations(), 0);
});

/** Leaves `queue` as if its thread had been terminated in the handler of the first message: run inside that handler. */
function duringHandler(queue: DrainQueue, run: () => void): number {
  let first = true;
  return queue.drain(() => {
    if (first) run();
    first = false;
  });
}

test('a drainer without a sign of life loses its claim after the bound; what it had not finished is delivered', () => {
  const shared = memory();
  const clock = handClock();
  const sleeper = new DrainQueue(shared);
  const heir = new DrainQueue(shared, { drainTimeoutMs: 100, clock: clock.read });
  for (const type of [1, 2, 3]) sleeper.offer(type, bytesOf(1), 0, 1);
  let inherited: Message[] = [];
  const handled = duringHandler(sleeper, () => {
    assert.is(
      heir.drain(() => assert.unreachable()),
      DRAIN_LOST,
    );
    clock.now = 99;
    assert.is(
      heir.drain(() => assert.unreachable()),
      DRAIN_LOST,
    );
    clock.now = 100;
    inherited = drained(heir, 2);
    assert.is(heir.takeovers(), 1);
    assert.not(sleeper.renew());
  });
  assert.equal(
    inherited.map(({ type }) => type),
    [1, 2],
    'the message in the handler once more, then the next',
  );
  assert.is(handled, 2, 'the sleeper stopped, came back for the rest by winning the claim anew');
  assert.is(sleeper.size(), 0);
});

/** What an heir does to memory: it takes the claim, and then moves the fence that lies above the head's position. */
function takeOver(words: Int32Array): void {
  Atomics.add(words, CLAIM, 2);
  Atomics.add(words, HEAD, (2 * CAPACITY) / UNIT);
}

for (const outcome of ['returns', 'throws']) {
  test(`a sleeper whose handler ${outcome} after its claim was taken over does not move the head`, () => {
    const shared = memory();
    const words = new Int32Array(shared);
    const sleeper = new DrainQueue(shared);
    for (const type of [1, 2]) sleeper.offer(type, bytesOf(1), 0, 1);
    const types: number[] = [];
    const run = (): number =>
      sleeper.drain((type) => {
        types.push(type);
        takeOver(words);
        if (outcome === 'throws') throw new Error('woken');
      });
    if (outcome === 'throws') assert.throws(run, 'woken');
    else assert.is(run(), 1);
    assert.equal(types, [1], 'nor does it go on to the next message');
    assert.is(sleeper.size(), 2 * UNIT);
    assert.is(words[CLAIM], 3, "and it leaves the heir's claim alone");
  });
}

test('a fence moved late, by an heir that was itself replaced, does not take the claim from the holder', () => {
  const shared = memory();
  const words = new Int32Array(shared);
  const queue = new DrainQueue(shared);
  for (const type of [1, 2]) queue.offer(type, bytesOf(1), 0, 1);
  const handled = queue.drain(() => {
    Atomics.add(words, HEAD, (2 * CAPACITY) / UNIT);
  });
  assert.is(handled, 2);
  assert.is(queue.size(), 0);
  assert.is(words[CLAIM], 2);
});

test('a producer that died between entry and tail is helped past by the next', () => {
  const shared = memory();
  const words = new Int32Array(shared);
  const queue = new DrainQueue(shared);
  queue.offer(1, bytesOf(60), 0, 60);
  words[TAIL] = 0;
  assert.is(
    queue.drain(() => assert.unreachable()),
    0,
  );
  assert.ok(queue.offer(2, bytesOf(1), 0, 1));
  assert.equal(
    drained(queue).map(({ type }) => type),
    [1, 2],
  );
});

test('renew keeps the claim through a long handler', () => {
  const shared = memory();
  const clock = handClock();
  const queue = new DrainQueue(shared);
  const other = new DrainQueue(shared, { drainTimeoutMs: 100, clock: clock.read });
  queue.offer(1, bytesOf(1), 0, 1);
  assert.not(queue.renew());
  const results: number[] = [];
  queue.drain(() => {
    for (let i = 0; i < 5; i++) {
      results.push(other.drain(() => assert.unreachable()));
      clock.now += 60;
      assert.ok(queue.renew());
    }
  });
  assert.equal(results, new Array(5).fill(DRAIN_LOST));
  assert.is(other.takeovers(), 0);
});

test('a drainer never takes over from itself', () => {
  const clock = handClock();
  const queue = queueOf({ drainTimeoutMs: 100, clock: clock.read });
  queue.offer(1, bytesOf(1), 0, 1);
  const results: number[] = [];
  queue.drain(() => {
    for (let i = 0; i < 3; i++) {
      results.push(queue.drain(() => assert.unreachable()));
      clock.now += 100;
    }
  });
  assert.equal(results, new Array(3).fill(DRAIN_LOST));
  assert.is(queue.takeovers(), 0);
});

test('each message handled is a sign of life', () => {
  const shared = memory();
  const clock = handClock();
  const queue = new DrainQueue(shared);
  const other = new DrainQueue(shared, { drainTimeoutMs: 100, clock: clock.read });
  for (let i = 0; i < 5; i++) queue.offer(1, bytesOf(1), 0, 1);
  queue.drain(() => {
    clock.now += 60;
    assert.is(
      other.drain(() => assert.unreachable()),
      DRAIN_LOST,
    );
  });
  assert.is(other.takeovers(), 0);
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
    assert.is((words[CLAIM] as number) & 1, 0);
  }
  words[ENTRIES] = entry;
  assert.is(drained(queue).length, 1);
});

test.run();
