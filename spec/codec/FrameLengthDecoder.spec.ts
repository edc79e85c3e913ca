import fc from 'fast-check';
import {
  FRAME_LENGTH_SIZE,
  FrameLengthDecoder,
  type FrameSink,
  MAX_FRAME_LENGTH,
  putFrameLength,
} from 'flysocket/codec';
import { DirectBuffer } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import * as assert from 'uvu/assert';
import { throwsCode } from '../pool/throwsCode.ts';
import { suite } from '../support/suite.ts';
import { frameHex, hexOf, pattern } from './payloads.ts';

const test = suite('FrameLengthDecoder');

/** Keeps what it is shown, and how much of it lay in `chunk`. */
class Collector implements FrameSink {
  readonly frames: string[] = [];
  readonly buffers: DirectBuffer[] = [];

  onFrame(buffer: DirectBuffer, offset: number, length: number): void {
    this.frames.push(frameHex(buffer, offset, length));
    this.buffers.push(buffer);
  }
}

function stream(frames: readonly Uint8Array[]): Uint8Array {
  const total = frames.reduce((sum, frame) => sum + FRAME_LENGTH_SIZE + frame.length, 0);
  const buffer = new DirectBuffer(new ArrayBuffer(total));
  let at = 0;
  for (const frame of frames) {
    at = putFrameLength(buffer, at, frame.length);
    buffer.putBytes(at, frame);
    at += frame.length;
  }
  return buffer.bytes;
}

/** Decodes `bytes` cut at `cuts`; each chunk lies between other bytes, and is overwritten once it was taken. */
function decodeInChunks(bytes: Uint8Array, cuts: readonly number[]): { frames: string[]; gathered: number } {
  const pool = new BufferPool({ tracking: true });
  const decoder = new FrameLengthDecoder(pool);
  const collector = new Collector();
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    const chunk = new DirectBuffer(new ArrayBuffer(to - from + 10));
    chunk.bytes.fill(0xee);
    chunk.putBytes(5, bytes.subarray(from, to));
    decoder.accept(chunk, 5, to - from, collector);
    chunk.bytes.fill(0xdd);
    from = to;
  }
  assert.is(decoder.pendingBytes, 0);
  decoder.release();
  pool.assertQuiescent();
  return { frames: collector.frames, gathered: pool.stats.acquired };
}

test('the length is 24 bits, big-endian', () => {
  const buffer = new DirectBuffer(new ArrayBuffer(8));
  assert.is(putFrameLength(buffer, 1, 0x010203), 4);
  assert.is(hexOf(buffer.bytes), '0001020300000000');
  throwsCode(() => putFrameLength(buffer, 0, MAX_FRAME_LENGTH + 1), 'ERR_FLYSOCKET_FRAME_TOO_LONG');
});

test('literal bytes: two frames in one chunk are shown where they lie', () => {
  const bytes = Uint8Array.from(Buffer.from('00000600000001240000000a00000001200000000005', 'hex'));
  const chunk = new DirectBuffer(bytes);
  const pool = new BufferPool();
  const collector = new Collector();
  new FrameLengthDecoder(pool).accept(chunk, 0, bytes.length, collector);
  assert.equal(collector.frames, ['000000012400', '00000001200000000005']);
  assert.equal(
    collector.buffers.map((buffer) => buffer === chunk),
    [true, true],
  );
  assert.is(pool.stats.acquired, 0);
});

test('a frame that starts with its chunk is shown there, though its length came before', () => {
  const bytes = stream([pattern(40)]);
  assert.equal(decodeInChunks(bytes, [3]), { frames: [hexOf(pattern(40))], gathered: 0 });
  assert.equal(decodeInChunks(bytes, [1, 2, 3]), { frames: [hexOf(pattern(40))], gathered: 0 });
  assert.equal(decodeInChunks(bytes, [2, 10]), { frames: [hexOf(pattern(40))], gathered: 1 });
});

test('a byte at a time, all at once, or cut anywhere: the same frames', () => {
  const frames = fc.array(fc.oneof(fc.integer({ min: 6, max: 40 }), fc.integer({ min: 6, max: 5000 })), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(frames, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (lengths, places) => {
      const sent = lengths.map((length, i) => pattern(length, i));
      const bytes = stream(sent);
      const expected = sent.map(hexOf);
      const cuts = places.map((place) => Math.floor(place * bytes.length)).sort((a, b) => a - b);
      assert.equal(decodeInChunks(bytes, []).frames, expected);
      assert.equal(decodeInChunks(bytes, cuts).frames, expected);
      if (bytes.length < 400) {
        const each = Array.from({ length: bytes.length }, (_, i) => i);
        assert.equal(decodeInChunks(bytes, each).frames, expected);
      }
    }),
    { numRuns: 300, interruptAfterTimeLimit: 4000 },
  );
});

test('gathers a short frame once, into a buffer of just the length, however many chunks it spans', () => {
  const pool = new BufferPool({ tracking: true });
  const decoder = new FrameLengthDecoder(pool);
  const collector = new Collector();
  const bytes = stream([pattern(4_096)]);
  for (let at = 0; at < bytes.length; at += 100) {
    const chunk = new DirectBuffer(bytes.slice(at, at + 100));
    decoder.accept(chunk, 0, chunk.capacity, collector);
    assert.ok(pool.stats.inUse <= 1);
    assert.is(decoder.pendingBytes, at + 100 < bytes.length ? at + 100 : 0);
  }
  assert.equal(collector.frames, [hexOf(pattern(4_096))]);
  assert.is(pool.stats.acquired, 1);
  pool.assertQuiescent();
});

test('holds no more for a long frame than twice what has come of it', () => {
  const length = 300_000;
  const announced = new DirectBuffer(stream([pattern(length)]));
  for (const step of [1_000, 20_000]) {
    const pool = new BufferPool({ tracking: true });
    const decoder = new FrameLengthDecoder(pool);
    const collector = new Collector();
    for (let at = 0; at < announced.capacity; at += step) {
      const taken = Math.min(step, announced.capacity - at);
      decoder.accept(announced, at, taken, collector);
      // The pool's size classes are at most a quarter apart.
      assert.ok(pool.stats.bytesInUse <= 1.25 * Math.max(4_096, 2 * (at + taken)), `${pool.stats.bytesInUse} at ${at}`);
    }
    assert.equal(collector.frames, [hexOf(pattern(length))]);
    assert.ok(pool.stats.acquired <= 8, `grows by doubling: ${pool.stats.acquired} buffers`);
    pool.assertQuiescent();
  }
});

test('a frame that is announced and does not come takes MIN_GATHERED_CAPACITY', () => {
  const pool = new BufferPool({ tracking: true });
  const decoder = new FrameLengthDecoder(pool);
  decoder.accept(new DirectBuffer(new Uint8Array([0xff, 0xff, 0xff, 1])), 0, 4, new Collector());
  assert.is(pool.stats.bytesInUse, 4_096);
  decoder.release();
  pool.assertQuiescent();
});

test('refuses by the length alone what is too long, before any of it is kept', () => {
  const pool = new BufferPool();
  const decoder = new FrameLengthDecoder(pool, 100);
  const chunk = new DirectBuffer(new Uint8Array([0, 0, 101, 1, 2]));
  throwsCode(() => decoder.accept(chunk, 0, 5, new Collector()), 'ERR_FLYSOCKET_FRAME_TOO_LONG');
  assert.is(pool.stats.acquired, 0);
  const byByte = new FrameLengthDecoder(pool, 100);
  byByte.accept(chunk, 0, 2, new Collector());
  throwsCode(() => byByte.accept(chunk, 2, 1, new Collector()), 'ERR_FLYSOCKET_FRAME_TOO_LONG');
});

test('refuses a frame without a whole header', () => {
  for (let length = 0; length < 6; length++) {
    const decoder = new FrameLengthDecoder(new BufferPool());
    const chunk = new DirectBuffer(new Uint8Array([0, 0, length, 1, 2, 3, 4, 5, 6]));
    throwsCode(() => decoder.accept(chunk, 0, 9, new Collector()), 'ERR_FLYSOCKET_FRAME_TOO_SHORT');
  }
});

test('release gives an unfinished frame back and takes no more', () => {
  const pool = new BufferPool({ tracking: true });
  const decoder = new FrameLengthDecoder(pool);
  const collector = new Collector();
  const bytes = stream([pattern(100)]);
  decoder.accept(new DirectBuffer(bytes.slice()), 0, 50, collector);
  assert.is(pool.stats.inUse, 1);
  decoder.release();
  decoder.release();
  pool.assertQuiescent();
  decoder.accept(new DirectBuffer(bytes.slice()), 0, bytes.length, collector);
  assert.equal(collector.frames, []);
});

test('a handler may release the decoder amid a chunk, in place or gathered', () => {
  const bytes = stream([pattern(20), pattern(20), pattern(20)]);
  for (const cut of [0, 10]) {
    const pool = new BufferPool({ tracking: true });
    const decoder = new FrameLengthDecoder(pool);
    let shown = 0;
    const handler: FrameSink = {
      onFrame() {
        shown++;
        decoder.release();
      },
    };
    decoder.accept(new DirectBuffer(bytes.slice()), 0, cut, handler);
    decoder.accept(new DirectBuffer(bytes.slice()), cut, bytes.length - cut, handler);
    assert.is(shown, 1);
    pool.assertQuiescent();
  }
});

test('gives the buffer back though the handler throws', () => {
  const pool = new BufferPool({ tracking: true });
  const decoder = new FrameLengthDecoder(pool);
  const bytes = stream([pattern(20)]);
  const handler: FrameSink = {
    onFrame() {
      throw new Error('handler');
    },
  };
  decoder.accept(new DirectBuffer(bytes.slice()), 0, 10, handler);
  assert.throws(() => decoder.accept(new DirectBuffer(bytes.slice()), 10, 13, handler), 'handler');
  pool.assertQuiescent();
});

test('a pool without room is an error, and nothing is lost to it', () => {
  const pool = new BufferPool({ tracking: true, maxBytes: 4096 });
  const decoder = new FrameLengthDecoder(pool);
  const bytes = stream([pattern(100_000)]);
  throwsCode(
    () => decoder.accept(new DirectBuffer(bytes.slice()), 0, 50_000, new Collector()),
    'ERR_FLYSOCKET_POOL_EXHAUSTED',
  );
  assert.is(pool.stats.inUse, 0);
  decoder.accept(new DirectBuffer(bytes.slice()), 0, 50, new Collector());
  throwsCode(
    () => decoder.accept(new DirectBuffer(bytes.slice()), 50, 50_000, new Collector()),
    'ERR_FLYSOCKET_POOL_EXHAUSTED',
  );
  assert.is(pool.stats.inUse, 1);
  decoder.release();
  pool.assertQuiescent();
});

test.run();
