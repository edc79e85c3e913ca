/** The other end may write anything anywhere, by mistake or not. What comes of it is an error, and nothing else. */
import fc from 'fast-check';
import { ControlledAction, type OneToOneRingBuffer } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { newRing, readAll, throwsCode, writePattern } from './ringSupport.ts';

const CAPACITY = 1024;
const TAIL = CAPACITY + 128;
const HEAD = CAPACITY + 256;
const CODE = 'ERR_FLYSOCKET_RING_CORRUPT';
const MIN_INT = 0x80000000 | 0;
const MAX_INT = 0x7fffffff;

const test = suite('OneToOneRingBuffer against a scribbling peer');

/** A ring with three messages of 16 bytes: records at 0, 24 and 48, tail at 72. */
function filledRing(): OneToOneRingBuffer {
  const ring = newRing(CAPACITY, { label: 'victim' });
  for (let i = 1; i <= 3; i++) writePattern(ring, i, 16);
  ring.flush();
  return ring;
}

for (const length of [0, 7, -1, -8, 49, 56, 2_000, MIN_INT, MAX_INT, MAX_INT - 6]) {
  test(`a record length of ${length}`, () => {
    const ring = filledRing();
    ring.buffer.putInt32Native(24, length);
    const seen: number[] = [];
    throwsCode(
      () => ring.read((type) => seen.push(type)),
      CODE,
      'victim',
      'index=24',
      `length=${length}`,
      'available=48',
    );
    assert.equal(seen, [1], 'what came before is delivered');
    assert.is(ring.consumerPosition(), 24, 'and its space given back');
    throwsCode(() => ring.read(() => {}), CODE);
    throwsCode(() => ring.controlledRead(() => ControlledAction.CONTINUE), CODE);
  });
}

for (const msgTypeId of [0, -1, -2, MIN_INT]) {
  test(`a record type of ${msgTypeId}`, () => {
    const ring = filledRing();
    ring.buffer.putInt32Native(28, msgTypeId);
    throwsCode(() => ring.read(() => {}), CODE, `msgTypeId=${msgTypeId}`);
  });
}

test('a record longer than any message, though it is within what is published', () => {
  const ring = newRing(CAPACITY);
  for (let i = 1; i <= 4; i++) writePattern(ring, i, 64);
  ring.flush();
  ring.buffer.putInt32Native(0, 8 + 128 + 1);
  throwsCode(() => ring.read(() => {}), CODE, 'length=137');
});

test('a record that crosses the end of the data region', () => {
  const ring = newRing(CAPACITY, { initialPosition: CAPACITY - 24 });
  writePattern(ring, 1, 16);
  writePattern(ring, 2, 16);
  ring.flush();
  ring.buffer.putInt32Native(CAPACITY - 24, 32);
  throwsCode(() => ring.read(() => {}), CODE, 'index=1000', 'length=32');
});

test('padding that does not reach the end', () => {
  const ring = newRing(CAPACITY, { initialPosition: CAPACITY - 24 });
  writePattern(ring, 1, 24);
  ring.flush();
  ring.buffer.putInt32Native(CAPACITY - 24, 16);
  throwsCode(() => ring.read(() => {}), CODE, 'length=16', 'msgTypeId=-1');
});

for (const tail of [-8, -CAPACITY, CAPACITY + 8, 73, MIN_INT, MAX_INT]) {
  test(`a tail of ${tail}`, () => {
    const ring = filledRing();
    ring.buffer.putInt32Release(TAIL, tail);
    throwsCode(() => ring.read(() => assert.unreachable()), CODE, `tail=${tail}`, 'head=0', 'capacity=1024');
  });
}

for (const head of [4, -8, 1_032, 961, MIN_INT, MAX_INT]) {
  test(`a head of ${head}`, () => {
    const ring = newRing(CAPACITY);
    for (let i = 0; i < 7; i++) writePattern(ring, 1, 128);
    ring.flush();
    ring.buffer.putInt32Release(HEAD, head);
    throwsCode(() => ring.tryClaim(1, 128), CODE, `head=${head}`, 'tail=952');
  });
}

test('a head beyond what was published', () => {
  const ring = newRing(CAPACITY);
  for (let i = 0; i < 7; i++) writePattern(ring, 1, 128);
  writePattern(ring, 1, 40);
  ring.buffer.putInt32Release(HEAD, 960);
  throwsCode(() => ring.tryClaim(1, 128), CODE, 'tail=1000', 'head=960');
});

test('any four bytes anywhere: the messages are read or the error is thrown, within the memory', () => {
  fc.assert(
    fc.property(fc.nat(OVERWRITABLE_WORDS - 1), fc.integer(), fc.nat(CAPACITY / 8), (word, value, position) => {
      const ring = newRing(CAPACITY, { initialPosition: position * 8 });
      while (writePattern(ring, 1, 40));
      ring.flush();
      const published = ring.size();
      if (word * 4 < CAPACITY) ring.buffer.putInt32Native(word * 4, value);
      else ring.buffer.putInt32Release(word === OVERWRITABLE_WORDS - 2 ? TAIL : HEAD, value);
      try {
        let bytes = 0;
        for (const message of readAll(ring)) bytes += 8 + message.bytes.length;
        assert.ok(bytes <= published);
        ring.tryClaim(1, 128);
      } catch (error) {
        assert.is((error as { code?: string }).code, CODE, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});

const OVERWRITABLE_WORDS = CAPACITY / 4 + 2;

test.run();
