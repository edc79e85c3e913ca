import { encodeRequestResponse } from 'flysocket/codec';
import type { Handler } from 'flysocket/core';
import { DirectBuffer, ErrorCode, FrameFlag, FrameType, PayloadFlyweight } from 'flysocket/flyweight';
import { compositeMetadata, routeOf } from 'flysocket/metadata';
import * as assert from 'uvu/assert';
import { longPayload } from '../core/RawEnd.ts';
import {
  cancel,
  completion,
  error,
  extension,
  fireAndForget,
  keepAlive,
  lease,
  metadataPush,
  ofType,
  payload,
  requestChannel,
  requestN,
  requestResponse,
  requestStream,
  resumeOk,
  setup,
  type WriteFrame,
  withReservedBit,
} from '../core/rawFrames.ts';
import { turns, until } from '../tck/until.ts';
import type { DefineAttack } from './attackTests.ts';

const { NEXT, IGNORE, METADATA } = FrameFlag;
const never = new Promise<never>(() => {});

/** The frame with these flags, and its metadata said to be of `length` bytes. */
const withMetadataLength =
  (length: number, bodyAt: number, flags: number, frame: WriteFrame): WriteFrame =>
  (b, o) => {
    const frameLength = frame(b, o);
    b.putUint16(o + 4, b.getUint16(o + 4) | METADATA | flags);
    b.putUint24(o + bodyAt, length);
    return Math.max(frameLength, bodyAt + 3);
  };

/** Frames after which the connection is over, and why. */
const deadly: readonly (readonly [what: string, frame: WriteFrame, code: string])[] = [
  ['the reserved bit', withReservedBit(requestResponse(3)), 'ERR_FLYSOCKET_STREAM_ID'],
  ['the reserved bit on a PAYLOAD', withReservedBit(payload(3, NEXT)), 'ERR_FLYSOCKET_STREAM_ID'],
  ['a request on stream 0', requestResponse(0), 'ERR_FLYSOCKET_STREAM_ID'],
  ['KEEPALIVE on a stream', ofType(FrameType.KEEPALIVE, 3, 0), 'ERR_FLYSOCKET_STREAM_ID'],
  ['a type that nobody knows', ofType(0x2a, 3, 0), 'ERR_FLYSOCKET_FRAME_TYPE'],
  ['type 0', ofType(0, 3, 0), 'ERR_FLYSOCKET_FRAME_TYPE'],
  ['an extension', extension(0, 0), 'ERR_FLYSOCKET_FRAME_TYPE'],
  ['metadata beyond the end', withMetadataLength(2, 6, 0, requestResponse(3)), 'ERR_FLYSOCKET_METADATA_LENGTH'],
  ['metadata of 16 MiB', withMetadataLength(0xffffff, 6, 0, payload(3, NEXT)), 'ERR_FLYSOCKET_METADATA_LENGTH'],
  ['a stream with such', withMetadataLength(99, 10, 0, requestStream(3, 1)), 'ERR_FLYSOCKET_METADATA_LENGTH'],
  ['a short REQUEST_N', cutTo(9, requestN(3, 1)), 'ERR_FLYSOCKET_FRAME_TOO_SHORT'],
  ['a short ERROR', cutTo(8, error(3)), 'ERR_FLYSOCKET_FRAME_TOO_SHORT'],
  ['a KEEPALIVE of 70,000 bytes', keepAlive(true, longPayload(70_000)), 'ERR_FLYSOCKET_KEEP_ALIVE_DATA'],
  ['ERROR on stream 0', error(0, ErrorCode.CONNECTION_ERROR), 'ERR_FLYSOCKET_CONNECTION_ERROR'],
];

/** Frames that are ignored, whatever they say. */
const ignored: readonly WriteFrame[] = [
  ofType(0x2a, 3, IGNORE),
  ofType(0, 0, IGNORE),
  extension(0, IGNORE),
  withMetadataLength(99, 6, IGNORE, requestResponse(3)),
  withMetadataLength(99, 6, IGNORE, payload(3, NEXT)),
  withMetadataLength(99, 10, IGNORE, requestChannel(3, 1)),
  setup(),
  resumeOk,
  lease(5, 1_000),
  metadataPush('nobody listens'),
  error(0, ErrorCode.INVALID_SETUP),
  error(3),
  payload(3, NEXT),
  payload(4, NEXT),
  payload(0, NEXT),
  completion(3),
  requestN(3, 1),
  requestN(0, 1),
  requestN(3, 0),
  cancel(3),
  cancel(0),
  requestResponse(4),
  keepAlive(false),
];

function cutTo(length: number, frame: WriteFrame): WriteFrame {
  return (b, o) => {
    frame(b, o);
    return length;
  };
}

/** What a peer can do with frames once it has been let in. */
export function streamAttacks(attack: DefineAttack): void {
  attack('breaks the rules of a connection', {}, async (target) => {
    for (const [what, frame, code] of deadly) {
      const attacker = await target.enter(requestResponse(1));
      await attacker.untilAnswered(1);
      attacker.send(frame);
      await attacker.untilEnded();
      await target.assertEnded(code);
      if (!what.startsWith('ERROR')) assert.is(attacker.errorOn(0), ErrorCode.CONNECTION_ERROR, what);
    }
  });

  attack('sends what is to be ignored, 100,000 times', {}, async (target) => {
    const attacker = await target.enter();
    await attacker.flood(100_000, (i) => [ignored[i % ignored.length] as WriteFrame]);
    attacker.send(requestResponse(99));
    await attacker.untilAnswered(99);
    assert.equal(
      attacker.frames.map(({ streamId }) => streamId),
      [99],
      'nothing else was answered',
    );
    assert.equal(target.ends, []);
  });

  attack('asks for nothing: an initial request n of 0', {}, async (target) => {
    const attacker = await target.enter(requestStream(1, 0), requestChannel(3, 0), requestResponse(5));
    await attacker.untilAnswered(5);
    assert.equal([attacker.errorOn(1), attacker.errorOn(3)], [ErrorCode.INVALID, ErrorCode.INVALID]);
    assert.equal(target.ends, []);
  });

  attack('begins requests on ids that are in use', { handler: stuckAnd(streaming) }, async (target) => {
    const attacker = await target.enter();
    for (let i = 0; i < 1_000; i++) attacker.send(requestStream(1, 1), requestResponse(1), requestChannel(1, 1));
    attacker.send(requestN(1, 2), requestStream(3, 1));
    await attacker.untilAnswered(3);
    assert.is(attacker.on(1).length, 3, 'one stream, and as many items as it was granted');
    assert.equal(target.ends, []);
  });

  attack('sends more than it was granted', { handler: unread }, async (target) => {
    const attacker = await target.enter(requestChannel(1, 1));
    await attacker.flood(10_000, () => [payload(1, NEXT)]);
    await until(() => attacker.errorOn(1) !== undefined, 'the stream has failed');
    assert.equal(target.ends, []);
  });

  attack('names routes after what every object has', { handler: { requestResponse: byRoute } }, async (target) => {
    const attacker = await target.enter();
    for (const [i, route] of ['__proto__', 'constructor', 'hasOwnProperty', 'prototype', ''].entries()) {
      attacker.send(routed(2 * i + 1, route));
      assert.is((await attacker.untilAnswered(2 * i + 1)).type, FrameType.ERROR, route);
    }
    attacker.send(routed(99, 'known'));
    assert.is((await attacker.untilAnswered(99)).type, FrameType.PAYLOAD);
    assert.is(({} as { polluted?: unknown }).polluted, undefined);
  });

  attack('ends its side in the middle of everything', { handler: stuckAnd(streaming) }, async (target) => {
    const attacker = await target.enter(requestStream(1, 0x7fffffff), requestChannel(3, 5), requestResponse(5));
    await until(() => attacker.on(1).length > 10, 'items have come');
    attacker.socket.end();
    await until(() => target.ends.length === 1, 'its connection has ended');
    await target.assertServed();
  });

  attack('breaks off in the middle of everything', { handler: stuckAnd(streaming) }, async (target) => {
    for (let i = 0; i < 20; i++) {
      const attacker = await target.enter(requestStream(1, 0x7fffffff), requestChannel(3, 5), requestResponse(5));
      attacker.sendBytes(attacker.bytesOf(longRequest(7)).subarray(0, 2_000));
      await turns(i);
      attacker.socket.resetAndDestroy();
    }
    await until(() => target.ends.length === 20, 'all of them have ended');
    await target.assertServed();
  });

  attack('comes in many connections at once: maxConnections', { maxConnections: 10 }, async (target) => {
    const attackers = await Promise.all(Array.from({ length: 9 }, () => target.enter(requestResponse(1))));
    for (const attacker of attackers) await attacker.untilAnswered(1);
    const more = await Promise.allSettled(Array.from({ length: 100 }, () => target.enter(requestResponse(1))));
    for (const one of more) {
      if (one.status === 'fulfilled') await one.value.untilEnded();
    }
    await target.assertServed();
    for (const attacker of attackers) assert.not(attacker.hasEnded);
    attackers[0]?.socket.destroy();
    await until(() => target.ends.length > 0, 'one has left');
  });

  attack('knocks on every door', {}, async (target) => {
    const attacker = await target.enter(fireAndForget(1), requestStream(3, 1), requestChannel(5, 1));
    attacker.send(requestResponse(7));
    await attacker.untilAnswered(7);
    assert.equal([attacker.errorOn(3), attacker.errorOn(5)], [ErrorCode.REJECTED, ErrorCode.REJECTED]);
  });
}

/** Items without end. */
async function* streaming(): AsyncGenerator<string> {
  for (;;) yield 'i'.repeat(1_000);
}

/** Channels of which nothing is read. */
const unread: Handler = {
  async *requestChannel() {
    yield await never;
  },
};

/** Streams, and everything else takes for ever. */
function stuckAnd(requestStream: NonNullable<Handler['requestStream']>): Handler {
  return { requestStream, requestResponse: () => never, requestChannel: (items) => items };
}

const routes = new Map([['known', () => 'here']]);

const byRoute: NonNullable<Handler['requestResponse']> = ({ metadata }) => {
  const answer = routes.get(routeOf(metadata) ?? '');
  if (answer === undefined) throw new Error('no such route');
  return answer();
};

function routed(id: number, route: string): WriteFrame {
  const metadata = compositeMetadata().route(route).toBytes();
  const view = new PayloadFlyweight().wrapMetadata(new DirectBuffer(metadata), 0, metadata.length);
  return (b, o) => encodeRequestResponse(b, o, id, view);
}

function longRequest(id: number): WriteFrame {
  return (b, o) => encodeRequestResponse(b, o, id, longPayload(10_000));
}
