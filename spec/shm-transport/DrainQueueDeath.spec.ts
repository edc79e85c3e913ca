import { DRAIN_LOST, DrainQueue } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import {
  bytesOf,
  CAPACITY,
  drained,
  ENTRIES,
  FENCE,
  HEAD,
  handClock,
  type Message,
  memory,
  queueOf,
  TAIL,
  TAKEN,
  UNIT,
} from './drainQueueSupport.ts';

const test = suite('DrainQueue when threads die or sleep');

/** The first look notes what is there, the second starts the clock. */
function lookTwice(queue: DrainQueue, expected: number): void {
  for (let look = 0; look < 2; look++) {
    assert.is(
      queue.drain(() => assert.unreachable()),
      expected,
    );
  }
}

test('a producer that never commits is passed over after the bound, and its commit then fails', () => {
  const shared = memory();
  const clock = handClock();
  const dead = new DrainQueue(shared);
  const queue = new DrainQueue(shared, { claimTimeoutMs: 100, clock: clock.read });
  const index = dead.tryClaim(1, 4);
  queue.offer(2, bytesOf(1), 0, 1);
  lookTwice(queue, 0);
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

test('the first look at a claimed message only notes it, the second the time, whatever the clock says', () => {
  const shared = memory();
  let looks = 0;
  const clock = (): number => {
    looks++;
    return 5_000;
  };
  const queue = new DrainQueue(shared, { claimTimeoutMs: 100, clock });
  const slow = new DrainQueue(shared);
  const index = slow.tryClaim(1, 1);
  queue.drain(() => assert.unreachable());
  assert.is(looks, 0);
  queue.drain(() => assert.unreachable());
  assert.is(looks, 1);
  assert.ok(slow.commit(index));
});

test('a dead producer does not block a full queue for ever', () => {
  const shared = memory();
  const clock = handClock();
  const queue = new DrainQueue(shared, { claimTimeoutMs: 100, clock: clock.read });
  new DrainQueue(shared).tryClaim(1, 1);
  while (queue.offer(2, bytesOf(24), 0, 24));
  lookTwice(queue, 0);
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
    lookTwice(heir, DRAIN_LOST);
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

/** What an heir does to memory: it moves on the fence that lies above the head's position. */
function takeOver(words: Int32Array): void {
  Atomics.add(words, HEAD, FENCE);
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
    assert.is(words[HEAD], FENCE + TAKEN, "and it leaves the heir's claim alone");
  });
}

test('a producer that died between entry and tail is helped past by the next', () => {
  const shared = memory();
  const words = new Int32Array(shared);
  const queue = new DrainQueue(shared);
  const slow = new DrainQueue(shared);
  const index = slow.tryClaim(1, 60);
  words[TAIL] = 0;
  assert.is(
    queue.drain(() => assert.unreachable()),
    0,
  );
  assert.ok(queue.offer(2, bytesOf(1), 0, 1));
  assert.ok(slow.commit(index));
  assert.equal(
    drained(queue).map(({ type }) => type),
    [1, 2],
  );
});

test('a producer that died between padding and tail is helped past by the drainer', () => {
  const shared = memory();
  const words = new Int32Array(shared);
  const queue = new DrainQueue(shared);
  for (let i = 0; i < 15; i++) queue.offer(1, bytesOf(24), 0, 24);
  words[ENTRIES + 15] = (1 << 2) | 0b11;
  assert.is(drained(queue).length, 15);
  assert.is(words[TAIL], 16);
  assert.is(queue.size(), 0);
  assert.ok(queue.offer(2, bytesOf(60), 0, 60));
  assert.is(drained(queue).length, 1);
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

test.run();
