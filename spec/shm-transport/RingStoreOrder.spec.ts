/**
 * Proof-reads the protocol: every access of the ring to its memory is recorded, in order. Plain accesses to records
 * are only right between an acquire and a release of the positions, whatever a fast machine would forgive.
 */
import { DirectBuffer } from 'flysocket/flyweight';
import type { OneToOneRingBuffer } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { newRing, pattern, writePattern } from './ringSupport.ts';

const CAPACITY = 1024;
const TAIL = 'tail';
const HEAD = 'head';

const test = suite('OneToOneRingBuffer store order');

/** Records the accesses of `ring` from now on, one line each: what, and where. */
function record(ring: OneToOneRingBuffer): string[] {
  const log: string[] = [];
  const place = (index: number): string =>
    index === ring.capacity + 128 ? TAIL : index === ring.capacity + 256 ? HEAD : `${index}`;
  const buffer = ring.buffer as unknown as Record<string, (...args: number[]) => unknown>;
  const names = Object.getOwnPropertyNames(DirectBuffer.prototype).filter((name) =>
    /^(get|put|compare|copy)/.test(name),
  );
  for (const name of names) {
    const original = buffer[name] as (...args: number[]) => unknown;
    Object.defineProperty(ring.buffer, name, {
      value(...args: number[]) {
        log.push(`${name} ${place(args[0] as number)}`);
        return original.apply(ring.buffer, args);
      },
    });
  }
  return log;
}

test('a write puts header and message, and the flush releases the tail once after it', () => {
  const ring = newRing(CAPACITY);
  const log = record(ring);
  ring.write(1, new DirectBuffer(pattern(1, 16)), 0, 16);
  assert.equal(log, ['putInt32Native 0', 'putInt32Native 4', 'putBuffer 8']);
  ring.flush();
  assert.equal(log.slice(3), ['putInt32Release tail']);
});

test('a batch releases the tail once, and an empty flush touches nothing', () => {
  const ring = newRing(CAPACITY);
  const log = record(ring);
  for (let i = 1; i <= 4; i++) writePattern(ring, i, 8);
  ring.flush();
  assert.equal(
    log.filter((line) => !/putInt32Native|putBytes/.test(line)),
    ['putInt32Release tail'],
  );
  assert.is(log.at(-1), 'putInt32Release tail');
  log.length = 0;
  ring.flush();
  assert.equal(log, []);
});

test('a batch that reaches an eighth of the capacity is released by commit, after its last byte', () => {
  const ring = newRing(CAPACITY);
  const log = record(ring);
  for (let i = 1; i <= 2; i++) writePattern(ring, i, 56);
  assert.is(log.at(-1), 'putInt32Release tail');
  assert.is(log.filter((line) => line === 'putInt32Release tail').length, 1);
});

test('a drain acquires the tail before the first record, and releases the head once, after the last', () => {
  const ring = newRing(CAPACITY);
  for (let i = 1; i <= 3; i++) writePattern(ring, i, 8);
  ring.flush();
  const log = record(ring);
  ring.read((_type, buffer, index) => buffer.getUint8(index));
  assert.equal(log, [
    'getInt32Acquire tail',
    ...[0, 16, 32].flatMap((at) => [`getInt32Native ${at}`, `getInt32Native ${at + 4}`, `getUint8 ${at + 8}`]),
    'putInt32Release head',
  ]);
});

test('each header field is read once', () => {
  const ring = newRing(CAPACITY, { initialPosition: CAPACITY - 8 });
  writePattern(ring, 1, 8);
  ring.flush();
  const log = record(ring);
  ring.read(() => {});
  const reads = log.filter((line) => line.startsWith('getInt32Native'));
  assert.equal(reads, ['getInt32Native 1016', 'getInt32Native 1020', 'getInt32Native 0', 'getInt32Native 4']);
});

test('an empty read looks at the tail and touches nothing else', () => {
  const ring = newRing(CAPACITY);
  const log = record(ring);
  ring.read(() => {});
  assert.equal(log, ['getInt32Acquire tail']);
});

test('a claim looks at the head only when the ring seems full, and before it writes', () => {
  const ring = newRing(CAPACITY);
  for (let i = 0; i < 7; i++) writePattern(ring, 1, 120);
  ring.flush();
  ring.read(() => {});
  const log = record(ring);
  ring.abort(ring.tryClaim(1, 120));
  assert.equal(log, ['putInt32Native 896', 'putInt32Native 900']);
  log.length = 0;
  writePattern(ring, 1, 120);
  for (let i = 0; i < 2; i++) writePattern(ring, 1, 8);
  assert.equal(
    log.filter((line) => !line.startsWith('putBytes')),
    [
      'putInt32Native 896',
      'putInt32Native 900',
      'putInt32Release tail',
      'getInt32Acquire head',
      'putInt32Native 0',
      'putInt32Native 4',
      'putInt32Native 16',
      'putInt32Native 20',
    ],
  );
});

test('a refused claim and an abort write nothing', () => {
  const ring = newRing(CAPACITY);
  while (writePattern(ring, 1, 120));
  const log = record(ring);
  ring.tryClaim(1, 8);
  assert.equal(log, ['getInt32Acquire head']);
  ring.read(() => {}, 1);
  const index = ring.tryClaim(1, 8);
  log.length = 0;
  ring.abort(index);
  assert.equal(log, []);
});

test('padding is written with the record that it makes room for, before one release', () => {
  const ring = newRing(CAPACITY, { initialPosition: CAPACITY - 16 });
  const log = record(ring);
  writePattern(ring, 1, 16);
  ring.flush();
  assert.equal(log, [
    'putInt32Native 1008',
    'putInt32Native 1012',
    'putInt32Native 0',
    'putInt32Native 4',
    'putBytes 8',
    'putInt32Release tail',
  ]);
});

test('closing releases the tail before the state', () => {
  const ring = newRing(CAPACITY);
  writePattern(ring, 1, 8);
  const log = record(ring);
  ring.closeProducer();
  assert.equal(log, ['putInt32Release tail', `putInt32Release ${CAPACITY + 132}`]);
});

test.run();
