import { INSUFFICIENT_CAPACITY, type OneToOneRingBuffer } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { newRing, snapshot } from './ringSupport.ts';

const HEADER_LENGTH = 8;
const FILLER_TYPE = 1;
const RECORD_TYPE = 2;
const ignore = (): void => {};

const test = suite('OneToOneRingBuffer at every place');

/** Puts one message of `length` bytes, each `fill`, or says that there was no room. */
function put(ring: OneToOneRingBuffer, msgTypeId: number, length: number, fill: number): number {
  const index = ring.tryClaim(msgTypeId, length);
  if (index < 0) return index;
  ring.buffer.bytes.fill(fill, index, index + length);
  ring.commit(index);
  ring.flush();
  return index;
}

for (const capacity of [64, 256, 512, 1024]) {
  test(`an empty ring of ${capacity} takes every record at every offset`, () => {
    for (let offset = 0; offset < capacity; offset += HEADER_LENGTH) {
      for (let length = 0; length <= capacity / 8; length++) {
        const ring = newRing(capacity, { initialPosition: offset });
        const index = put(ring, RECORD_TYPE, length, 0xa5);
        const fitsEnd = offset + HEADER_LENGTH + length <= capacity;
        assert.is(index, (fitsEnd ? offset : 0) + HEADER_LENGTH, `offset ${offset}, length ${length}`);
        let read = 0;
        ring.read((msgTypeId, buffer, at, size) => {
          read++;
          assert.ok(msgTypeId === RECORD_TYPE && at === index && size === length);
          for (let i = 0; i < size; i++) if (buffer.getUint8(at + i) !== 0xa5) assert.unreachable('bytes differ');
        });
        assert.is(read, 1);
        assert.is(ring.size(), 0);
      }
    }
  });
}

test('a ring with every amount of free space either takes a record whole or is left as it was', () => {
  const capacity = 256;
  for (let offset = 0; offset < capacity; offset += HEADER_LENGTH) {
    for (let free = 0; free <= capacity; free += HEADER_LENGTH) {
      for (const length of [0, 1, 8, 16, 17, 24, 32]) {
        const ring = newRing(capacity, { initialPosition: offset });
        let fillers = 0;
        for (let used = 0; used < capacity - free; used += HEADER_LENGTH) {
          assert.ok(put(ring, FILLER_TYPE, 0, 0) > 0);
          fillers++;
        }
        const tail = (offset + capacity - free) % capacity;
        const aligned = (HEADER_LENGTH + length + 7) & ~7;
        const padding = tail + aligned > capacity ? capacity - tail : 0;
        const before = snapshot(ring);
        const index = put(ring, RECORD_TYPE, length, 0x5a);
        const what = `offset ${offset}, free ${free}, length ${length}`;
        if (padding + aligned > free) {
          assert.is(index, INSUFFICIENT_CAPACITY, what);
          assert.ok(Buffer.compare(snapshot(ring), before) === 0, `written though refused: ${what}`);
          assert.is(ring.read(ignore), fillers, what);
        } else {
          assert.is(index, (padding > 0 ? 0 : tail) + HEADER_LENGTH, what);
          assert.is(ring.read(ignore, fillers), fillers, what);
          assert.is(ring.read(ignore), 1, what);
        }
      }
    }
  }
});

test('the end of a 64-byte ring leaves room for a header alone', () => {
  const ring = newRing(64, { initialPosition: 56 });
  put(ring, RECORD_TYPE, 1, 9);
  assert.is(ring.buffer.getInt32Native(56), 8, 'padding of 8 bytes: a header and nothing else');
  assert.is(ring.buffer.getInt32Native(60), -1);
  assert.is(ring.read(ignore), 1);
});

test.run();
