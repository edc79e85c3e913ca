import fc from 'fast-check';
import { FRAME_LENGTH_SIZE } from 'flysocket/codec';
import {
  DirectBuffer,
  ErrorCode,
  ErrorFlyweight,
  FrameHeaderFlyweight,
  FrameType,
  type RSocketError,
} from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { RecordingHandler } from '../tck/RecordingHandler.ts';
import { turns, until } from '../tck/until.ts';
import { HandClock } from './HandClock.ts';
import { endOf, frameOf, receivedBy, stream, write } from './rawSupport.ts';
import { rawPair } from './tcpSupport.ts';

const test = suite('TcpConnection and the bytes of its peer');

test('however a peer chops its bytes, also beyond READ_BUFFER_BYTES, the frames are the same', async () => {
  const lengths = fc.array(fc.oneof(fc.integer({ min: 6, max: 60 }), fc.integer({ min: 6, max: 90_000 })), {
    minLength: 1,
    maxLength: 8,
  });
  const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(lengths, places, async (lengths, places) => {
      const pair = await rawPair();
      const handler = new RecordingHandler();
      pair.connection.receive(handler);
      const sent = lengths.map(frameOf);
      const bytes = stream(sent);
      const cuts = places.map((place) => Math.floor(place * bytes.length)).sort((a, b) => a - b);
      let from = 0;
      for (const to of [...cuts, bytes.length]) {
        if (to > from) await write(pair, bytes.subarray(from, to));
        from = to;
        await turns(2);
      }
      await until(() => handler.frames.length === sent.length, 'the frames have come');
      assert.equal(handler.frames, sent);
      assert.is(pair.connection.bytesReceived, bytes.length);
      await pair.close();
    }),
    { numRuns: 25, interruptAfterTimeLimit: 3_000 },
  );
});

for (const length of [0, 1, 5, 1_001, 0xffffff]) {
  test(`a frame of ${length} bytes is refused by its length`, async () => {
    const pair = await rawPair({ maxInboundFrameLength: 1_000 });
    const handler = new RecordingHandler();
    const received = receivedBy(pair);
    pair.connection.receive(handler);
    await write(pair, stream([frameOf(10, 1)]));
    await write(pair, new Uint8Array([length >> 16, length >> 8, length]));
    await received.ended;
    pair.raw.end();
    const error = (await endOf(pair, handler)) as RSocketError;
    assert.is(error.errorCode, ErrorCode.CONNECTION_ERROR);
    assert.is(error.code, length < 6 ? 'ERR_FLYSOCKET_FRAME_TOO_SHORT' : 'ERR_FLYSOCKET_FRAME_TOO_LONG');
    assert.is(handler.frames.length, 1, 'what came before was delivered');
    const answer = new DirectBuffer(received.bytes());
    assert.is(answer.getUint24(0), answer.capacity - FRAME_LENGTH_SIZE);
    const frame = new ErrorFlyweight().wrap(answer, FRAME_LENGTH_SIZE, answer.capacity - FRAME_LENGTH_SIZE);
    assert.is(FrameHeaderFlyweight.type(answer, FRAME_LENGTH_SIZE), FrameType.ERROR);
    assert.is(FrameHeaderFlyweight.streamId(answer, FRAME_LENGTH_SIZE), 0);
    assert.is(frame.errorCode, ErrorCode.CONNECTION_ERROR);
    await pair.close();
  });
}

test('a frame that has begun must be whole in time', async () => {
  const clock = new HandClock();
  const pair = await rawPair({ clock, partialFrameTimeoutMs: 1_000 });
  const handler = new RecordingHandler();
  const received = receivedBy(pair);
  pair.connection.receive(handler);
  const bytes = stream([frameOf(100, 1)]);
  await write(pair, bytes.subarray(0, 50));
  await until(() => pair.connection.bytesReceived === 50, 'the first half has come');
  clock.advance(900);
  await write(pair, bytes.subarray(50, 60));
  await until(() => pair.connection.bytesReceived === 60, 'some more has come');
  assert.is(handler.count('closed'), 0);
  clock.advance(100);
  await received.ended;
  pair.raw.end();
  assert.is((await endOf(pair, handler))?.code, 'ERR_FLYSOCKET_PARTIAL_FRAME');
  assert.ok(received.bytes().length > 0, 'the peer is told');
  assert.is(clock.timers, 0);
  await pair.close();
});

test('each frame has that time for itself, and silence between frames is none of it', async () => {
  const clock = new HandClock();
  const pair = await rawPair({ clock, partialFrameTimeoutMs: 1_000 });
  const handler = new RecordingHandler();
  pair.connection.receive(handler);
  const bytes = stream([frameOf(100, 1)]);
  for (let i = 0; i < 5; i++) {
    await write(pair, bytes.subarray(0, 2));
    await until(() => pair.connection.bytesReceived === i * bytes.length + 2, 'a part has come');
    assert.is(clock.timers, 1);
    clock.advance(900);
    await write(pair, bytes.subarray(2));
    await until(() => handler.frames.length === i + 1, 'the frame has come');
  }
  clock.advance(10_000);
  assert.is(clock.timers, 0);
  assert.is(handler.count('closed'), 0);
  await pair.close();
});

test.run();
