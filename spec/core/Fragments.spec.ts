import { encodeCancel, encodeError, encodePayload, encodeRequestResponse, Fragmenter } from 'flysocket/codec';
import { IgnoringSubscriber, type RequestHandler } from 'flysocket/core';
import { ErrorCode, FrameFlag, FrameType } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { Probe } from '../tck/Probe.ts';
import { longPayload, payloadOf, type RawScene, rawScene } from './RawEnd.ts';

const test = suite('fragments that come in');

const { NEXT, COMPLETE, FOLLOWS } = FrameFlag;
const FRAGMENT_LENGTH = 100;

type Encode = Parameters<RawScene['raw']['send']>[0];

/** The fragments of one payload. */
function fragments(type: number, id: number, length: number, flags = 0, n = 1): Encode[] {
  const payload = longPayload(length);
  const counting = new Fragmenter();
  counting.start(type, id, flags, n, payload, FRAGMENT_LENGTH);
  return Array.from({ length: Math.ceil(length / (FRAGMENT_LENGTH - 10)) + 1 }, (): Encode => {
    return (buffer, offset) => (counting.hasNext ? counting.encodeNext(buffer, offset) : 0);
  });
}

/** Sends `count` of the fragments, or all of them. */
function feed({ raw, crank }: RawScene, frames: Encode[], count = frames.length): void {
  for (const encode of frames.splice(0, count)) {
    raw.send((buffer, offset) => {
      const length = encode(buffer, offset);
      return length === 0 ? encodePayload(buffer, offset, 0, NEXT, payloadOf('')) : length;
    });
  }
  crank.run();
}

interface Scene extends RawScene {
  readonly received: string[];
  readonly channel: Probe;
}

function accepting(options: Parameters<typeof rawScene>[0] = {}): Scene {
  const received: string[] = [];
  const channel = Probe.responder(true);
  const handler: RequestHandler = {
    requestResponse: (payload, streamId) => {
      received.push(`request-response ${streamId} ${payload.dataLength}`);
      return undefined;
    },
    fireAndForget: (payload) => {
      received.push(`fire-and-forget ${payload.dataLength}`);
    },
    requestStream: (payload, n, streamId) => {
      received.push(`request-stream ${streamId} ${n} ${payload.dataLength}`);
      return undefined;
    },
    requestChannel: (payload, n, streamId, peer) => {
      received.push(`request-channel ${streamId} ${n} ${payload.dataLength}`);
      peer.request(streamId, 10);
      return channel;
    },
  };
  return { ...rawScene({ handler, ...options }), received, channel };
}

function finish({ peer, crank, pool, uncaught }: Scene): void {
  peer.close();
  crank.run();
  assert.is(peer.openStreams + peer.queuedBytes + peer.reassemblingBytes, 0);
  pool.assertQuiescent();
  assert.equal(uncaught, []);
}

test('requests of every type are put together before they are handled', () => {
  const scene = accepting();
  feed(scene, fragments(FrameType.REQUEST_RESPONSE, 1, 1_000));
  feed(scene, fragments(FrameType.REQUEST_FNF, 3, 1_000));
  feed(scene, fragments(FrameType.REQUEST_STREAM, 5, 1_000, 0, 7));
  feed(scene, fragments(FrameType.REQUEST_CHANNEL, 7, 1_000, 0, 9));
  assert.equal(scene.received, [
    'request-response 1 1000',
    'fire-and-forget 1000',
    'request-stream 5 7 1000',
    'request-channel 7 9 1000',
  ]);
  assert.equal(scene.channel.signals, []);
  finish(scene);
});

test('a channel whose fragmented request completes', () => {
  const scene = accepting();
  feed(scene, fragments(FrameType.REQUEST_CHANNEL, 1, 1_000, COMPLETE));
  assert.equal(scene.channel.signals, ['complete']);
  finish(scene);
});

test('fragments of many streams interleave', () => {
  const scene = accepting();
  const parts = Array.from({ length: 20 }, (_, i) => fragments(FrameType.REQUEST_RESPONSE, 2 * i + 1, 500 + i));
  for (let round = 0; round < 20; round++) for (const each of parts) feed(scene, each, 1);
  assert.is(scene.received.length, 20);
  for (let i = 0; i < 20; i++) assert.ok(scene.received.includes(`request-response ${2 * i + 1} ${500 + i}`));
  finish(scene);
});

test('a fragmented item costs one credit, checked when it is whole', () => {
  const scene = accepting();
  feed(scene, fragments(FrameType.REQUEST_CHANNEL, 1, 500));
  for (let i = 0; i < 10; i++) feed(scene, fragments(FrameType.PAYLOAD, 1, 500, NEXT));
  assert.is(scene.channel.items.length, 10);
  scene.raw.take();
  feed(scene, fragments(FrameType.PAYLOAD, 1, 500, NEXT));
  assert.is(scene.channel.error?.code, 'ERR_FLYSOCKET_OVER_CREDIT');
  assert.match(scene.raw.take()[0] as string, /^ERROR 1 204/);
  finish(scene);
});

test('a second request on an id whose request is not whole yet is ignored', () => {
  const scene = accepting();
  const parts = fragments(FrameType.REQUEST_RESPONSE, 1, 1_000);
  feed(scene, parts, 3);
  feed(scene, [(b, o) => encodeRequestResponse(b, o, 1, payloadOf('other'))]);
  feed(scene, fragments(FrameType.REQUEST_STREAM, 1, 300), 1);
  assert.equal(scene.received, []);
  feed(scene, parts);
  assert.equal(scene.received, ['request-response 1 1000']);
  assert.is(scene.peer.openStreams, 1);
  finish(scene);
});

for (const [name, encode] of Object.entries({
  cancel: ((b, o) => encodeCancel(b, o, 1)) as Encode,
  error: ((b, o) => encodeError(b, o, 1, ErrorCode.CANCELED, 'never mind')) as Encode,
})) {
  test(`${name} frees a request that is not whole yet, and its id`, () => {
    const scene = accepting();
    const parts = fragments(FrameType.REQUEST_RESPONSE, 1, 1_000);
    feed(scene, parts, 5);
    assert.ok(scene.peer.reassemblingBytes > 0);
    feed(scene, [encode]);
    assert.is(scene.peer.reassemblingBytes, 0);
    scene.pool.assertQuiescent();
    feed(scene, parts);
    assert.equal(scene.received, []);
    feed(scene, fragments(FrameType.REQUEST_RESPONSE, 1, 200));
    assert.equal(scene.received, ['request-response 1 200']);
    finish(scene);
  });

  test(`${name} frees an item that is not whole yet`, () => {
    const scene = accepting();
    feed(scene, fragments(FrameType.REQUEST_CHANNEL, 1, 200));
    feed(scene, fragments(FrameType.PAYLOAD, 1, 1_000, NEXT), 4);
    assert.ok(scene.peer.reassemblingBytes > 0);
    feed(scene, [encode]);
    assert.is(scene.peer.reassemblingBytes, 0);
    assert.equal(scene.channel.signals, [name]);
    finish(scene);
  });
}

test('whatever ends a stream here frees what has come of its item', () => {
  type Ending = (scene: Scene) => void;
  const endings: Record<string, Ending> = {
    cancel: ({ peer }) => peer.cancel(1),
    error: ({ peer }) => peer.error(1, ErrorCode.APPLICATION_ERROR, 'no'),
    'cancel after complete': ({ peer }) => {
      peer.complete(1);
      peer.cancel(1);
    },
    close: ({ peer }) => peer.close(),
  };
  for (const [name, end] of Object.entries(endings)) {
    const scene = accepting();
    feed(scene, fragments(FrameType.REQUEST_CHANNEL, 1, 200));
    const parts = fragments(FrameType.PAYLOAD, 1, 1_000, NEXT);
    feed(scene, parts, 4);
    assert.ok(scene.peer.reassemblingBytes > 0);
    end(scene);
    scene.crank.run();
    assert.is(scene.peer.reassemblingBytes, 0, name);
    feed(scene, parts);
    assert.is(scene.peer.reassemblingBytes, 0, name);
    assert.equal(scene.channel.items, []);
    finish(scene);
  }
});

test('a payload above maxPayloadLength ends its stream, or refuses its request, with INVALID', () => {
  const scene = accepting({ maxPayloadLength: 800 });
  feed(scene, fragments(FrameType.REQUEST_RESPONSE, 1, 801));
  assert.match(scene.raw.take().join(), /^ERROR 1 204 .*maxPayloadLength=800$/);
  feed(scene, fragments(FrameType.REQUEST_CHANNEL, 3, 800));
  assert.equal(scene.received, ['request-channel 3 1 800']);
  scene.raw.take();
  feed(scene, fragments(FrameType.PAYLOAD, 3, 5_000, NEXT));
  assert.is(scene.channel.error?.code, 'ERR_FLYSOCKET_PAYLOAD_TOO_LONG');
  assert.match(scene.raw.take().join(), /^ERROR 3 204/);
  assert.is(scene.peer.openStreams, 0);
  assert.equal(scene.raw.closedWith, []);
  finish(scene);
});

test('where the pool has no room, the request is REJECTED', () => {
  const scene = accepting();
  const hog = scene.pool.acquire(scene.pool.maxBytes - 8_192);
  const id = scene.peer.requestResponse(payloadOf('q'), new IgnoringSubscriber());
  feed(scene, fragments(FrameType.REQUEST_RESPONSE, 1, 50_000));
  assert.match(scene.raw.take().slice(1).join(), /^ERROR 1 202/);
  assert.equal(scene.received, []);
  hog.release();
  scene.peer.cancel(id);
  finish(scene);
});

test('a fragmented request that finds no stream left when it is whole is REJECTED', () => {
  const scene = accepting({ maxStreams: 2 });
  const parts = [1, 3, 5, 7].map((id) => fragments(FrameType.REQUEST_RESPONSE, id, 500));
  for (let round = 0; round < 10; round++) for (const each of parts) feed(scene, each, 1);
  assert.is(scene.received.length, 2);
  assert.equal(
    scene.raw.take(),
    [5, 7].map((id) => `ERROR ${id} 202 too many streams`),
  );
  assert.is(scene.peer.openStreams, 2);
  finish(scene);
});

test('an answer in fragments settles its request; one that breaks off fails at the end', () => {
  const scene = accepting();
  const probes = [Probe.requester(), Probe.requester()] as const;
  const [whole, broken] = probes.map((probe) => scene.peer.requestResponse(payloadOf('q'), probe)) as [number, number];
  feed(scene, fragments(FrameType.PAYLOAD, whole, 1_000, NEXT | COMPLETE));
  feed(scene, fragments(FrameType.PAYLOAD, broken, 1_000, NEXT | COMPLETE), 5);
  assert.equal(probes[0].signals, ['next', 'complete']);
  assert.is(probes[0].items[0]?.length, 1_000);
  assert.equal(probes[1].signals, []);
  finish(scene);
  assert.equal(probes[1].signals, ['error']);
});

test('fragments without an end are given up', () => {
  const scene = accepting({ maxPayloadLength: 4_000 });
  feed(scene, fragments(FrameType.REQUEST_RESPONSE, 1, 500), 1);
  for (let i = 0; i < 1_000; i++) {
    feed(scene, [(b, o) => encodePayload(b, o, 1, NEXT | FOLLOWS, payloadOf('x'.repeat(90)))]);
  }
  assert.match(scene.raw.take().join(), /^ERROR 1 204/);
  assert.is(scene.peer.reassemblingBytes, 0);
  finish(scene);
});

test.run();
