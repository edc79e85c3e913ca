import * as fc from 'fast-check';
import { DRAIN_LOST, DrainQueue } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('DrainQueue at the wraps');

const CAPACITY = 512;
const UNITS = CAPACITY / 32;
const HEADER_LENGTH = 8;
/** Message lengths that take one, two and three units. */
const LENGTHS = [24, 56, 64];

const STARTS: readonly { name: string; position: number }[] = [
  { name: '0', position: 0 },
  { name: '2^31, where positions turn negative', position: 0x7fff_fff0 },
  { name: '2^32, where positions come round to 0', position: 0xffff_fff0 },
  { name: '2^30, where entries are renewed', position: 0x3fff_fff0 },
];

function unitsOf(length: number): number {
  return Math.ceil((length + HEADER_LENGTH) / 32);
}

/** The queue that is obviously right: what is taken, in order, and nothing else. */
class ModelQueue {
  readonly places: { units: number; state: 'claimed' | 'committed' | 'skipped'; value: number }[] = [];
  tail: number;

  constructor(tail: number) {
    this.tail = tail % UNITS;
  }

  /** Whether a message was given a place; padding that was needed is taken with it. */
  take(length: number, state: 'claimed' | 'committed', value: number): boolean {
    const units = unitsOf(length);
    const toEnd = UNITS - this.tail;
    const padding = units > toEnd ? toEnd : 0;
    if (this.used() + padding + units > UNITS) return false;
    if (padding > 0) this.places.push({ units: padding, state: 'skipped', value: 0 });
    this.places.push({ units, state, value });
    this.tail = (this.tail + padding + units) % UNITS;
    return true;
  }

  drain(limit: number): number[] {
    const values: number[] = [];
    while (values.length < limit) {
      const place = this.places[0];
      if (place === undefined || place.state === 'claimed') break;
      this.places.shift();
      if (place.state === 'committed') values.push(place.value);
    }
    return values;
  }

  used(): number {
    return this.places.reduce((sum, { units }) => sum + units, 0);
  }
}

function message(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}

function drained(queue: DrainQueue, limit = Number.MAX_SAFE_INTEGER): number[] {
  const values: number[] = [];
  const handled = queue.drain((type, buffer, index, length) => {
    const bytes = buffer.copyOf(index, length);
    assert.ok(
      bytes.every((byte) => byte === (type & 0xff)),
      `message ${type} came through whole`,
    );
    values.push(type);
  }, limit);
  assert.is(handled, values.length);
  return values;
}

for (const { name, position } of STARTS) {
  test(`every sequence of sizes, from every place in the ring, around ${name}`, () => {
    let value = 1;
    for (let start = 0; start < UNITS; start++) {
      for (let sequence = 0; sequence < LENGTHS.length ** 5; sequence++) {
        const initialPosition = (position + start) | 0;
        const queue = new DrainQueue(new SharedArrayBuffer(DrainQueue.lengthFor(CAPACITY)), { initialPosition });
        const model = new ModelQueue(initialPosition >>> 0);
        for (let i = 0, rest = sequence; i < 12; i++, rest = Math.floor(rest / LENGTHS.length) || sequence) {
          const length = LENGTHS[rest % LENGTHS.length] as number;
          value = (value % 255) + 1;
          const taken = model.take(length, 'committed', value);
          if (queue.offer(value, message(length, value), 0, length) !== taken) {
            assert.unreachable(`start ${start}, sequence ${sequence}, offer ${i}: expected ${taken}`);
          }
          if (!taken) assert.equal(drained(queue, 2), model.drain(2));
        }
        assert.is(queue.size(), model.used() * 32);
        assert.equal(drained(queue), model.drain(99));
      }
    }
  });
}

type Step =
  | { readonly kind: 'offer' | 'claim'; readonly thread: number; readonly length: number }
  | { readonly kind: 'commit' | 'abort'; readonly thread: number }
  | { readonly kind: 'drain'; readonly thread: number; readonly limit: number };

const THREADS = 3;
const thread = fc.nat(THREADS - 1);
const length = fc.nat(CAPACITY / 8);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('offer' as const, 'claim' as const), thread, length }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('commit' as const, 'abort' as const), thread }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('drain' as const), thread, limit: fc.integer({ min: 1, max: 9 }) }),
  },
);

test('does what the obvious queue does, whoever offers, claims, commits, aborts and drains', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...STARTS),
      fc.nat(UNITS - 1),
      fc.array(step, { maxLength: 120 }),
      ({ position }, start, steps) => {
        const initialPosition = (position + start) | 0;
        const shared = new SharedArrayBuffer(DrainQueue.lengthFor(CAPACITY));
        const queues = Array.from({ length: THREADS }, () => new DrainQueue(shared, { initialPosition }));
        const model = new ModelQueue(initialPosition >>> 0);
        const open = new Array<{ index: number; place: ModelQueue['places'][number] } | undefined>(THREADS);
        let type = 0;
        for (const taken of steps) {
          const queue = queues[taken.thread] as DrainQueue;
          const claim = open[taken.thread];
          type++;
          if (taken.kind === 'offer') {
            const bytes = message(taken.length, type & 0xff);
            assert.is(queue.offer(type, bytes, 0, taken.length), model.take(taken.length, 'committed', type));
          } else if (taken.kind === 'claim') {
            if (claim !== undefined) continue;
            const index = queue.tryClaim(type, taken.length);
            assert.is(index >= 0, model.take(taken.length, 'claimed', type));
            if (index < 0) continue;
            queue.buffer.bytes.fill(type & 0xff, index, index + taken.length);
            open[taken.thread] = { index, place: model.places.at(-1) as ModelQueue['places'][number] };
          } else if (taken.kind === 'drain') {
            assert.equal(drained(queue, taken.limit), model.drain(taken.limit));
          } else if (claim !== undefined) {
            if (taken.kind === 'commit') assert.ok(queue.commit(claim.index));
            else queue.abort(claim.index);
            claim.place.state = taken.kind === 'commit' ? 'committed' : 'skipped';
            open[taken.thread] = undefined;
          }
        }
        assert.is((queues[0] as DrainQueue).size(), model.used() * 32);
      },
    ),
    { numRuns: 400 },
  );
});

test('goes round a small ring many times, past 2^32, with one unit of slack', () => {
  const queue = new DrainQueue(new SharedArrayBuffer(DrainQueue.lengthFor(CAPACITY)), { initialPosition: -5_000 });
  const model = new ModelQueue(-5_000 >>> 0);
  for (let i = 0; i < 20_000; i++) {
    const size = LENGTHS[(i * 7 + (i >> 3)) % LENGTHS.length] as number;
    const type = (i % 255) + 1;
    const taken = model.take(size, 'committed', type);
    assert.is(queue.offer(type, message(size, type), 0, size), taken);
    if (!taken) assert.equal(drained(queue, 1), model.drain(1));
  }
  assert.equal(drained(queue), model.drain(99));
});

test('each entry is brought up to date in the lap in which a quarter of all positions begins', () => {
  const shared = new SharedArrayBuffer(DrainQueue.lengthFor(CAPACITY));
  const quarter = 0x4000_0000;
  const queue = new DrainQueue(shared, { initialPosition: quarter - UNITS });
  const entries = new Int32Array(shared, CAPACITY, UNITS);
  const laps = (): Set<number> => new Set([...entries].map((entry) => entry & ~(UNITS - 1)));
  const goRound = (): void => {
    for (let unit = 0; unit < UNITS; unit += 2) {
      assert.ok(queue.offer(1, message(56, 1), 0, 56));
      assert.is(drained(queue).length, 1);
    }
  };
  goRound();
  assert.equal(laps(), new Set([quarter - UNITS, 0]), 'within records nothing was ever written');
  goRound();
  assert.equal(laps(), new Set([quarter]));
  goRound();
  assert.equal(laps(), new Set([quarter + UNITS, quarter]));
});

test('a loser is told so even at a wrap', () => {
  const shared = new SharedArrayBuffer(DrainQueue.lengthFor(CAPACITY));
  const queue = new DrainQueue(shared, { initialPosition: -1 });
  const other = new DrainQueue(shared);
  queue.offer(1, message(24, 1), 0, 24);
  queue.offer(1, message(24, 1), 0, 24);
  const results: number[] = [];
  queue.drain(() => results.push(other.drain(() => assert.unreachable())));
  assert.equal(results, [DRAIN_LOST, DRAIN_LOST]);
});

test.run();
