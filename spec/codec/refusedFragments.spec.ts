import fc from 'fast-check';
import { Reassembler } from 'flysocket/codec';
import { DirectBuffer, FrameFlag, FrameType } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import * as assert from 'uvu/assert';
import { throwsCode } from '../pool/throwsCode.ts';
import { suite } from '../support/suite.ts';
import { accept, fragmentsOf, frameOf, tracked } from './fragments.ts';
import { pattern, payloadOf } from './payloads.ts';

const test = suite('fragments that are refused');

const { NEXT, FOLLOWS, METADATA } = FrameFlag;
const { PAYLOAD, REQUEST_CHANNEL, REQUEST_RESPONSE } = FrameType;

const FIRST = frameOf(PAYLOAD, 1, NEXT | FOLLOWS, pattern(100));
const WITH_METADATA = Uint8Array.of(0, 0, 1, 0x6d, ...pattern(60));
const MISDEEDS: [string, string, ConstructorParameters<typeof Reassembler>[1], Uint8Array[]][] = [
  [
    'a payload that is too long',
    'ERR_FLYSOCKET_PAYLOAD_TOO_LONG',
    { maxPayloadLength: 250 },
    [FIRST, FIRST, frameOf(PAYLOAD, 1, NEXT, pattern(51))],
  ],
  ['too many fragments', 'ERR_FLYSOCKET_TOO_MANY_FRAGMENTS', { maxFragments: 3 }, [FIRST, FIRST, FIRST, FIRST]],
  [
    'a flood of empty fragments',
    'ERR_FLYSOCKET_FRAGMENT_TOO_SHORT',
    {},
    [FIRST, frameOf(PAYLOAD, 1, NEXT | FOLLOWS, pattern(0))],
  ],
  [
    'a fragment a byte too short',
    'ERR_FLYSOCKET_FRAGMENT_TOO_SHORT',
    {},
    [FIRST, frameOf(PAYLOAD, 1, NEXT | FOLLOWS, pattern(54))],
  ],
  [
    'metadata after data',
    'ERR_FLYSOCKET_METADATA_AFTER_DATA',
    {},
    [FIRST, frameOf(PAYLOAD, 1, NEXT | FOLLOWS | METADATA, WITH_METADATA)],
  ],
  [
    'more than the connection may hold',
    'ERR_FLYSOCKET_REASSEMBLY_FULL',
    { maxBytesPerConnection: 1500 },
    Array(12).fill(FIRST),
  ],
  [
    'a stream more than the connection may hold, OVERHEAD_BYTES included',
    'ERR_FLYSOCKET_REASSEMBLY_FULL',
    { maxBytesPerConnection: 200 },
    [FIRST],
  ],
];

for (const [what, code, options, frames] of MISDEEDS) {
  test(`refuses ${what}, and frees the stream and only that`, () => {
    const [reassembler, pool] = tracked(options);
    const other = frameOf(PAYLOAD, 7, NEXT | FOLLOWS, pattern(20));
    if (options?.maxBytesPerConnection !== 200) accept(reassembler, other);
    const inUse = pool.stats.inUse;
    const pendingBytes = reassembler.pendingBytes;
    throwsCode(() => {
      for (const frame of frames) accept(reassembler, frame);
    }, code);
    assert.not(reassembler.isPending(1));
    assert.is(pool.stats.inUse, inUse);
    assert.is(reassembler.pendingBytes, pendingBytes);
    reassembler.close();
    pool.assertQuiescent();
    assert.is(reassembler.pendingBytes, 0);
  });
}

test('takes the least fragment of rsocket-java, which counts the length prefix', () => {
  const [reassembler] = tracked();
  accept(reassembler, FIRST);
  assert.is(accept(reassembler, frameOf(PAYLOAD, 1, NEXT | FOLLOWS, pattern(55))), null);
  assert.is(accept(reassembler, frameOf(PAYLOAD, 1, NEXT, pattern(0)))?.payload.dataLength, 155);
});

test('whichever acquisition the pool fails, nothing is lost', () => {
  const frames = fragmentsOf({ type: PAYLOAD, streamId: 1, flags: NEXT, n: 0 }, payloadOf('m', pattern(20_000)), 256);
  let acquisitions = 0;
  let failing = 0;
  class FailingPool extends BufferPool {
    override tryAcquire(length: number): ReturnType<BufferPool['tryAcquire']> {
      acquisitions++;
      return acquisitions >= failing && failing > 0 ? null : super.tryAcquire(length);
    }
  }
  const run = (): boolean => {
    const pool = new FailingPool({ tracking: true });
    const reassembler = new Reassembler(pool);
    acquisitions = 0;
    let failed = false;
    for (const frame of frames) {
      if (failed) break;
      try {
        accept(reassembler, frame)?.release();
      } catch (error) {
        assert.is((error as { code?: string }).code, 'ERR_FLYSOCKET_POOL_EXHAUSTED');
        failed = true;
      }
    }
    pool.assertQuiescent();
    assert.is(reassembler.pendingBytes, 0);
    assert.is(reassembler.pendingStreams, 0);
    return failed;
  };
  assert.not(run());
  const needed = acquisitions;
  assert.ok(needed > 3, `${needed} acquisitions`);
  for (failing = 1; failing <= needed; failing++) assert.ok(run(), `acquisition ${failing}`);
});

test('any frames in any order: refused or taken, and nothing is lost', () => {
  const frame = fc.record({
    type: fc.constantFrom(PAYLOAD, PAYLOAD, PAYLOAD, REQUEST_RESPONSE, REQUEST_CHANNEL),
    streamId: fc.integer({ min: 1, max: 3 }),
    flags: fc.integer({ min: 0, max: 31 }).map((bits) => bits << 5),
    body: fc.uint8Array({ minLength: 4, maxLength: 200 }),
    discard: fc.nat(9),
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 40 }), (frames) => {
      const [reassembler, pool] = tracked({ maxPayloadLength: 2000, maxFragments: 10, maxBytesPerConnection: 4000 });
      for (const { type, streamId, flags, body, discard } of frames) {
        const bytes = new DirectBuffer(frameOf(type, streamId, flags, body));
        try {
          reassembler.accept(type, flags, streamId, bytes, 0, bytes.capacity)?.release();
        } catch (error) {
          assert.match(String((error as { code?: string }).code), /^ERR_FLYSOCKET_/);
        }
        if (discard === 0) reassembler.discard(streamId);
      }
      reassembler.close();
      pool.assertQuiescent();
      assert.is(reassembler.pendingBytes, 0);
    }),
    { numRuns: 500, interruptAfterTimeLimit: 3000 },
  );
});

test.run();
