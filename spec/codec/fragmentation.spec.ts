import fc from 'fast-check';
import { Fragmenter, MIN_FRAGMENT_LENGTH, needsFragments, type Reassembly } from 'flysocket/codec';
import { DirectBuffer, FrameFlag, FrameType, type PayloadFlyweight } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { throwsCode } from '../pool/throwsCode.ts';
import { suite } from '../support/suite.ts';
import { accept, flagsOf, fragmentsOf, frameOf, tracked } from './fragments.ts';
import { contentsOf, hexOf, pattern, payloadOf } from './payloads.ts';

const test = suite('fragmentation');

const { NEXT, COMPLETE, FOLLOWS, METADATA } = FrameFlag;
const { PAYLOAD, REQUEST_CHANNEL, REQUEST_RESPONSE, REQUEST_STREAM } = FrameType;

test('literal bytes: a request of three frames, and where its flags go', () => {
  const sent = { type: REQUEST_CHANNEL, streamId: 5, flags: COMPLETE, n: 16 };
  const frames = fragmentsOf(sent, payloadOf(pattern(60, 1), pattern(100, 2)), 64).map(hexOf);
  const metadata = hexOf(pattern(60, 1));
  const data = hexOf(pattern(100, 2));
  assert.equal(frames, [
    `00000005 1d80 00000010 000033 ${metadata.slice(0, 102)}`.replaceAll(' ', ''),
    `00000005 29a0 000009 ${metadata.slice(102)} ${data.slice(0, 92)}`.replaceAll(' ', ''),
    `00000005 2860 ${data.slice(92)}`.replaceAll(' ', ''),
  ]);
});

test('a payload that fits is one frame, without F', () => {
  const channel = { type: REQUEST_CHANNEL, streamId: 1, flags: COMPLETE, n: 1 };
  const [frame, ...more] = fragmentsOf(channel, payloadOf('', 'x'), 64);
  assert.is(hexOf(frame as Uint8Array), '000000011d400000000100000078');
  assert.is(more.length, 0);
  assert.is(needsFragments(PAYLOAD, payloadOf(undefined, pattern(58)), 64), false);
  assert.is(needsFragments(PAYLOAD, payloadOf(undefined, pattern(59)), 64), true);
  assert.is(needsFragments(REQUEST_STREAM, payloadOf('', pattern(52)), 64), true);
});

test('every frame but the last is full', () => {
  for (const [metadata, data] of [
    [0, 300],
    [55, 58],
    [51, 1],
    [300, 0],
    [300, 300],
  ] as const) {
    const frames = fragmentsOf(
      { type: REQUEST_STREAM, streamId: 1, flags: 0, n: 1 },
      payloadOf(pattern(metadata), pattern(data)),
      64,
    );
    assert.ok(frames.length > 1 || metadata + data < 60);
    for (const frame of frames.slice(0, -1)) assert.is(frame.length, 64);
    frames.forEach((frame, i) => {
      assert.is((flagsOf(frame) & FOLLOWS) !== 0, i < frames.length - 1);
      if (i > 0) assert.ok((flagsOf(frame) & NEXT) !== 0);
    });
  }
});

test('refuses to make fragments that peers refuse to take', () => {
  const start = (max: number) => new Fragmenter().start(PAYLOAD, 1, NEXT, 0, payloadOf('', ''), max);
  for (const max of [0, MIN_FRAGMENT_LENGTH - 1, Number.NaN]) {
    throwsCode(() => start(max), 'ERR_FLYSOCKET_FRAGMENT_LENGTH');
  }
  start(MIN_FRAGMENT_LENGTH);
});

test('the payload may move to other memory between two fragments', () => {
  const payload = payloadOf(pattern(100, 1), pattern(200, 2));
  const expected = fragmentsOf({ type: PAYLOAD, streamId: 1, flags: NEXT, n: 0 }, payload, 64).map(hexOf);
  const fragmenter = new Fragmenter();
  fragmenter.start(PAYLOAD, 1, NEXT, 0, payload, 64);
  const frames: string[] = [];
  while (fragmenter.hasNext) {
    const buffer = new DirectBuffer(new ArrayBuffer(fragmenter.nextLength()));
    fragmenter.encodeNext(buffer, 0);
    frames.push(hexOf(buffer.bytes));
    const elsewhere = payloadOf(pattern(100, 1), pattern(200, 2));
    payload.dataBuffer.bytes.fill(0);
    payload.wrap(elsewhere);
  }
  assert.equal(frames, expected);
});

test('nextAlignment puts the larger part of each fragment congruent with its source', () => {
  const payload = payloadOf(undefined, pattern(1000));
  const fragmenter = new Fragmenter();
  fragmenter.start(PAYLOAD, 1, NEXT, 0, payload, 100);
  for (let position = 0; fragmenter.hasNext; position += 94) {
    assert.is((fragmenter.nextAlignment() + 6 - payload.dataOffset - position) & 7, 0);
    fragmenter.encodeNext(new DirectBuffer(new ArrayBuffer(128)), 0);
  }
});

test(
  'fragments of any size are put together again',
  () => {
    const part = fc.option(fc.oneof(fc.constant(0), fc.nat(200), fc.nat(5000), fc.nat(300_000)), { nil: undefined });
    const max = fc.oneof(fc.integer({ min: 64, max: 80 }), fc.integer({ min: 64, max: 20_000 }));
    const type = fc.constantFrom(PAYLOAD, REQUEST_RESPONSE, REQUEST_STREAM, REQUEST_CHANNEL);
    fc.assert(
      fc.property(type, fc.boolean(), part, part, max, (type, complete, metadata, data, maxFrameLength) => {
        const mayComplete = type === PAYLOAD || type === REQUEST_CHANNEL;
        const flags = (type === PAYLOAD ? NEXT : 0) | (complete && mayComplete ? COMPLETE : 0);
        const payload = payloadOf(
          metadata === undefined ? undefined : pattern(metadata, 1),
          data === undefined ? undefined : pattern(data, 2),
        );
        const frames = fragmentsOf({ type, streamId: 9, flags, n: 77 }, payload, maxFrameLength);
        const [reassembler, pool] = tracked();
        let whole: Reassembly | null = null;
        frames.forEach((frame, i) => {
          assert.is(whole, null);
          whole = accept(reassembler, frame);
          assert.is(reassembler.pendingStreams, i < frames.length - 1 ? 1 : 0);
        });
        const { payload: received, ...rest } = whole as unknown as Reassembly;
        assert.equal(contentsOf(received), contentsOf(payload));
        assert.is(rest.type, type);
        assert.is(rest.streamId, 9);
        assert.is(rest.initialRequestN, type === REQUEST_STREAM || type === REQUEST_CHANNEL ? 77 : 0);
        assert.is(rest.flags, flags | (metadata === undefined ? 0 : METADATA));
        (whole as unknown as Reassembly).release();
        pool.assertQuiescent();
        assert.is(reassembler.pendingBytes, 0);
      }),
      { numRuns: 100, interruptAfterTimeLimit: 4000 },
    );
  },
  { timeoutMs: 20_000 },
);

test('streams interleave, and one may begin its next payload before the last is released', () => {
  const [reassembler, pool] = tracked();
  const payloads = [1, 3, 5].map((streamId) => payloadOf(pattern(100, streamId), pattern(1000 * streamId, streamId)));
  const queues = payloads.map((payload, i) =>
    fragmentsOf({ type: PAYLOAD, streamId: 2 * i + 1, flags: NEXT, n: 0 }, payload, 128),
  );
  const results: Reassembly[] = [];
  while (queues.some((queue) => queue.length > 0)) {
    for (const queue of queues) {
      const frame = queue.shift();
      const whole = frame === undefined ? null : accept(reassembler, frame);
      if (whole === null) continue;
      results.push(whole);
      if (whole.streamId === 1 && results.length === 1)
        queue.push(
          ...fragmentsOf(
            { type: PAYLOAD, streamId: 1, flags: NEXT | COMPLETE, n: 0 },
            payloadOf(undefined, pattern(500)),
            64,
          ),
        );
    }
  }
  assert.equal(
    results.map(({ streamId, complete }) => [streamId, complete]),
    [
      [1, false],
      [1, true],
      [3, false],
      [5, false],
    ],
  );
  assert.equal(contentsOf((results[0] as Reassembly).payload), contentsOf(payloads[0] as PayloadFlyweight));
  assert.equal(contentsOf((results[2] as Reassembly).payload), contentsOf(payloads[1] as PayloadFlyweight));
  for (const result of results) result.release();
  throwsCode(() => (results[0] as Reassembly).release(), 'ERR_FLYSOCKET_DOUBLE_RELEASE');
  pool.assertQuiescent();
});

test('discard drops one stream, close all; neither is felt by others', () => {
  const [reassembler, pool] = tracked();
  const first = (streamId: number) => frameOf(PAYLOAD, streamId, NEXT | FOLLOWS, pattern(100, streamId));
  for (const streamId of [1, 3, 5]) assert.is(accept(reassembler, first(streamId)), null);
  assert.ok(reassembler.isPending(3));
  reassembler.discard(3);
  reassembler.discard(3);
  reassembler.discard(99);
  assert.not(reassembler.isPending(3));
  assert.is(reassembler.pendingStreams, 2);
  assert.is(pool.stats.inUse, 2);
  const whole = accept(reassembler, frameOf(PAYLOAD, 1, NEXT, pattern(10)));
  reassembler.close();
  assert.is(pool.stats.inUse, 1);
  assert.is(whole?.payload.dataLength, 110);
  whole?.release();
  pool.assertQuiescent();
  assert.is(reassembler.pendingBytes, 0);
  assert.is(accept(reassembler, first(1)), null);
  assert.is(reassembler.pendingStreams, 0);
});

test('a second request on the stream is not taken, nor does it disturb the first', () => {
  const [reassembler] = tracked();
  accept(reassembler, frameOf(REQUEST_RESPONSE, 1, FOLLOWS, pattern(100)));
  assert.is(accept(reassembler, frameOf(REQUEST_RESPONSE, 1, 0, pattern(100))), null);
  assert.is(accept(reassembler, frameOf(PAYLOAD, 1, NEXT, pattern(1)))?.payload.dataLength, 101);
});

test('F counts for nothing on a PAYLOAD with C, but does on a REQUEST_CHANNEL', () => {
  const [reassembler] = tracked();
  accept(reassembler, frameOf(PAYLOAD, 1, NEXT | FOLLOWS, pattern(100)));
  assert.is(accept(reassembler, frameOf(PAYLOAD, 1, NEXT | FOLLOWS | COMPLETE, pattern(1)))?.complete, true);
  const request = Uint8Array.of(0, 0, 0, 7, ...pattern(60));
  assert.is(accept(reassembler, frameOf(REQUEST_CHANNEL, 3, FOLLOWS | COMPLETE, request)), null);
  const whole = accept(reassembler, frameOf(PAYLOAD, 3, NEXT, pattern(1)));
  assert.is(whole?.complete, true);
  assert.is(whole?.initialRequestN, 7);
});

test.run();
