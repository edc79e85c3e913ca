import type { RequestHandler } from 'flysocket/core';
import { BlockKind, CounterBlock, LinkCounter } from 'flysocket/counters';
import { ErrorCode, FrameFlag, FrameType } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { Probe } from '../tck/Probe.ts';
import { payloadOf, type RawScene, rawScene } from './RawEnd.ts';
import {
  cancel,
  completion,
  error,
  feed,
  fireAndForget,
  ofType,
  payload,
  requestChannel,
  requestN,
  requestResponse,
  requestStream,
} from './rawFrames.ts';

const test = suite('frames that come in');

const { NEXT, COMPLETE, FOLLOWS, IGNORE } = FrameFlag;
const BOTH = NEXT | COMPLETE;
const text = payloadOf('text');

interface Scene extends RawScene {
  readonly counters: CounterBlock;
  /** What reached the handler: `request-stream 1`. */
  readonly requests: string[];
  /** The responder's subscribers by their stream's id. */
  readonly probes: Map<number, Probe>;
  ignored(): number;
}

/** An accepting peer whose handler notes what comes and answers nothing. */
function accepting(maxStreams = 1_000): Scene {
  const counters = CounterBlock.unregistered(BlockKind.LINK, 'spec');
  const requests: string[] = [];
  const probes = new Map<number, Probe>();
  const note = (interaction: string, streamId: number, hasInbound: boolean): Probe => {
    requests.push(`${interaction} ${streamId}`);
    const probe = Probe.responder(hasInbound);
    probes.set(streamId, probe);
    return probe;
  };
  const handler: RequestHandler = {
    requestResponse: (_payload, streamId) => note('request-response', streamId, false),
    fireAndForget: () => {
      requests.push('fire-and-forget');
    },
    requestStream: (_payload, _n, streamId) => note('request-stream', streamId, false),
    requestChannel: (_payload, _n, streamId) => note('request-channel', streamId, true),
  };
  const scene = rawScene({ handler, counters, maxStreams });
  return { ...scene, counters, requests, probes, ignored: () => counters.get(LinkCounter.FRAMES_IGNORED) };
}

function finish({ crank, peer, pool, uncaught, probes }: Scene): void {
  peer.close();
  crank.run();
  assert.is(peer.openStreams + peer.queuedBytes + peer.reassemblingBytes, 0);
  pool.assertQuiescent();
  assert.equal(uncaught, []);
  for (const probe of probes.values()) assert.equal(probe.violations, []);
}

test('whatever comes on a stream that is not there is ignored', () => {
  const scene = accepting();
  const stray = [1, 2, 99, 0x7fffffff].flatMap((id) => [
    payload(id, NEXT),
    payload(id, BOTH),
    payload(id, NEXT | FOLLOWS),
    completion(id),
    requestN(id, 5),
    cancel(id),
    error(id),
  ]);
  feed(scene, ...stray);
  assert.equal(scene.raw.take(), []);
  assert.equal(scene.raw.closedWith, []);
  assert.is(scene.ignored(), stray.length - 4, 'all but the cancels, which count by themselves');
  assert.is(scene.counters.get(LinkCounter.CANCELS_RECEIVED), 4);
  assert.is(scene.peer.reassemblingBytes, 0);
  finish(scene);
});

test('PAYLOAD, REQUEST_N and CANCEL on stream 0 are ignored', () => {
  const scene = accepting();
  feed(scene, payload(0, BOTH), requestN(0, 1), cancel(0), payload(0, NEXT | FOLLOWS));
  assert.equal(scene.raw.take(), []);
  assert.is(scene.ignored(), 4);
  finish(scene);
});

test('a request on an id that is in use is ignored, whatever it asks for', () => {
  const scene = accepting();
  feed(scene, requestResponse(1), requestStream(3, 1), requestChannel(5, 1));
  for (const id of [1, 3, 5]) {
    feed(scene, requestResponse(id), requestStream(id, 7), requestChannel(id, 7), fireAndForget(id));
  }
  assert.equal(scene.requests, ['request-response 1', 'request-stream 3', 'request-channel 5']);
  assert.equal(scene.raw.take(), []);
  assert.is(scene.ignored(), 12);
  assert.is(scene.peer.openStreams, 3);
  finish(scene);
});

test('a request on an id of ours is ignored', () => {
  const scene = accepting();
  const probe = Probe.requester();
  assert.is(scene.peer.requestResponse(text, probe), 2);
  for (const id of [2, 4, 100, 0x7ffffffe]) {
    feed(
      scene,
      requestResponse(id),
      requestStream(id, 1),
      requestChannel(id, 1),
      fireAndForget(id),
      requestStream(id, 0),
    );
  }
  assert.equal(scene.requests, []);
  assert.equal(scene.raw.take(), ['REQUEST_RESPONSE 2 text']);
  assert.is(scene.ignored(), 20);
  feed(scene, payload(2, BOTH));
  assert.equal(probe.signals, ['next', 'complete'], 'its own stream was not touched');
  finish(scene);
});

test('a request on stream 0 ends the connection', () => {
  for (const encode of [requestResponse(0), requestStream(0, 1), requestChannel(0, 1), fireAndForget(0)]) {
    const scene = accepting();
    feed(scene, encode);
    assert.match(scene.raw.take()[0] as string, /^ERROR 0 101 /);
    assert.is(scene.raw.closedWith.length, 1);
    finish(scene);
  }
});

test('initial request n of 0 is answered with INVALID; REQUEST_N of 0 is ignored', () => {
  const scene = accepting();
  feed(scene, requestStream(1, 0), requestChannel(3, 0));
  assert.equal(
    scene.raw.take().map((frame) => frame.split(' ').slice(0, 3).join(' ')),
    ['ERROR 1 204', 'ERROR 3 204'],
  );
  assert.equal(scene.requests, []);
  feed(scene, requestStream(5, 1), requestN(5, 0), requestStream(5, 0));
  assert.equal(scene.raw.take(), [], 'nor is a stream in use told of a bad request on its id');
  assert.equal(scene.probes.get(5)?.signals, []);
  assert.is(scene.ignored(), 2);
  finish(scene);
});

test('an item over credit ends its stream with INVALID, and no other', () => {
  const scene = accepting();
  feed(scene, requestChannel(1, 1), requestChannel(3, 1));
  scene.peer.request(1, 2);
  scene.peer.request(3, 9);
  scene.crank.run();
  scene.raw.take();
  feed(scene, ...Array.from({ length: 4 }, () => payload(1, NEXT)));
  assert.equal(scene.probes.get(1)?.signals, ['next', 'next', 'error']);
  assert.is(scene.probes.get(1)?.error?.code, 'ERR_FLYSOCKET_OVER_CREDIT');
  assert.match(scene.raw.take()[0] as string, /^ERROR 1 204 .*streamId=1$/);
  assert.is(scene.peer.openStreams, 1);
  feed(scene, payload(3, NEXT));
  assert.equal(scene.probes.get(3)?.signals, ['next']);
  finish(scene);
});

test('an item on a half that has ended is ignored', () => {
  const scene = accepting();
  feed(scene, requestChannel(1, 5, true), requestChannel(3, 5));
  scene.peer.request(3, 5);
  feed(scene, payload(1, NEXT), completion(3), payload(3, NEXT), completion(3), payload(3, BOTH));
  assert.equal(scene.probes.get(1)?.signals, ['complete']);
  assert.equal(scene.probes.get(3)?.signals, ['complete']);
  assert.is(scene.ignored(), 4);
  scene.peer.complete(1);
  scene.peer.complete(3);
  assert.is(scene.peer.openStreams, 0);
  finish(scene);
});

test('a payload that neither brings an item nor completes does nothing', () => {
  const scene = accepting();
  feed(scene, requestChannel(1, 5), payload(1, 0));
  assert.equal(scene.probes.get(1)?.signals, []);
  finish(scene);
});

test('an answer without C completes all the same', () => {
  const scene = accepting();
  const probe = Probe.requester();
  const id = scene.peer.requestResponse(text, probe);
  feed(scene, payload(id, NEXT), payload(id, NEXT), completion(id));
  assert.equal(probe.signals, ['next', 'complete']);
  assert.is(scene.peer.openStreams, 0);
  finish(scene);
});

test("the requester's cancel ends the stream, the responder's only what the requester sends", () => {
  const scene = accepting();
  feed(scene, requestResponse(1), requestStream(3, 5), requestChannel(5, 5), cancel(1), cancel(3), cancel(5));
  for (const id of [1, 3, 5]) assert.equal(scene.probes.get(id)?.signals, ['cancel']);
  assert.is(scene.peer.openStreams, 0);

  const probe = Probe.requester(true);
  const id = scene.peer.requestChannel(text, 5, false, probe);
  feed(scene, cancel(id), cancel(id), requestN(id, 1));
  assert.equal(probe.signals, ['cancel']);
  assert.is(scene.peer.next(id, text, false), -5);
  feed(scene, payload(id, NEXT), payload(id, BOTH));
  assert.equal(probe.signals, ['cancel', 'next', 'next', 'complete']);
  assert.is(scene.peer.openStreams, 0);
  finish(scene);
});

test('a cancel ends what the requester still sends though the responder has completed', () => {
  const scene = accepting();
  feed(scene, requestChannel(1, 5));
  scene.peer.complete(1);
  scene.probes.get(1)?.endedHere('outbound');
  assert.is(scene.peer.openStreams, 1);
  feed(scene, cancel(1));
  assert.is(scene.peer.openStreams, 0);
  assert.equal(scene.probes.get(1)?.signals, ['cancel']);
  finish(scene);
});

test('an error ends both halves of its stream', () => {
  const scene = accepting();
  const probe = Probe.requester(true);
  const id = scene.peer.requestChannel(text, 5, false, probe);
  feed(scene, requestChannel(1, 5), error(1, 0x4711), error(id, ErrorCode.CANCELED), error(1), error(id));
  assert.is(scene.probes.get(1)?.error?.errorCode, 0x4711);
  assert.is(scene.probes.get(1)?.error?.message, 'why');
  assert.is(probe.error?.errorCode, ErrorCode.CANCELED);
  assert.is(probe.error?.code, 'ERR_FLYSOCKET_CANCELED');
  assert.is(scene.peer.openStreams, 0);
  finish(scene);
});

test('an error on stream 0 ends the connection, and nothing after it counts', () => {
  const scene = accepting();
  feed(scene, requestResponse(1), error(0, ErrorCode.CONNECTION_ERROR), requestResponse(3));
  assert.equal(scene.requests, ['request-response 1']);
  assert.is(scene.raw.closedWith.length, 1);
  assert.is(scene.probes.get(1)?.error?.code, 'ERR_FLYSOCKET_CONNECTION_ERROR');
  assert.is(scene.probes.get(1)?.error?.errorCode, ErrorCode.CONNECTION_ERROR);
  finish(scene);
});

test('an unknown frame type is ignored with I and ends the connection without', () => {
  const scene = accepting();
  feed(scene, ofType(0x20, 1, IGNORE), ofType(0x3e, 0, IGNORE));
  assert.is(scene.ignored(), 2);
  assert.equal(scene.raw.closedWith, []);
  feed(scene, ofType(0x20, 1, 0), requestResponse(1));
  assert.match(scene.raw.take()[0] as string, /^ERROR 0 101 .*0x20/);
  assert.is(scene.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_FRAME_TYPE');
  assert.equal(scene.requests, []);
  finish(scene);
});

test('frames of the connection that this peer has no use for are ignored', () => {
  const scene = accepting();
  feed(scene, ofType(FrameType.RESUME_OK, 0, 0), ofType(FrameType.LEASE, 0, 0), ofType(FrameType.EXT, 1, IGNORE));
  assert.is(scene.ignored(), 3);
  assert.equal(scene.raw.closedWith, []);
  finish(scene);
});

test('requests above maxStreams are rejected, and have room again later', () => {
  const scene = accepting(2);
  feed(scene, requestStream(1, 1), requestChannel(3, 1), requestResponse(5), requestStream(7, 1), requestChannel(9, 1));
  assert.equal(
    scene.raw.take(),
    [5, 7, 9].map((id) => `ERROR ${id} 202 too many streams`),
  );
  assert.is(scene.counters.get(LinkCounter.REQUESTS_REJECTED), 3);
  feed(scene, fireAndForget(11), cancel(1), requestResponse(13));
  assert.equal(scene.requests, ['request-stream 1', 'request-channel 3', 'fire-and-forget', 'request-response 13']);
  finish(scene);
});

test.run();
