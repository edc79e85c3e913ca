import {
  connectPeer,
  type Handler,
  MAX_CANCELS_PER_SECOND,
  MAX_HELD_BYTES,
  MAX_PROVOKED_ERRORS_PER_SECOND,
  type PeerServerOptions,
} from 'flysocket/core';
import { ErrorCode, FrameFlag, type RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandClock } from '../tck/HandClock.ts';
import { HandCrank } from '../tck/HandCrank.ts';
import { HostileScene, opened } from './HostileScene.ts';
import { payloadOf, RawEnd } from './RawEnd.ts';
import {
  cancel,
  error,
  keepAlive,
  payload,
  requestChannel,
  requestResponse,
  requestStream,
  setup,
  type WriteFrame,
} from './rawFrames.ts';

const test = suite('hostile peers');

const { NEXT, FOLLOWS } = FrameFlag;
const never = new Promise<never>(() => {});

const stuck: Handler = {
  requestResponse: (request) => (request.dataUtf8() === 'honest' ? request : never),
  fireAndForget: () => never,
  requestStream: async function* () {
    await never;
    yield '';
  },
  requestChannel: async function* () {
    await never;
    yield '';
  },
};

test('requests that are cancelled at once: ERR_FLYSOCKET_CANCEL_FLOOD', async () => {
  for (const end of [cancel, (id: number) => error(id)]) {
    const scene = opened({ responder: stuck });
    scene.flood(MAX_CANCELS_PER_SECOND, requestResponse, end);
    await scene.assertServes();
    assert.is(scene.end, undefined, 'so many are allowed');
    scene.flood(1, (id) => requestResponse(id), end);
    await scene.assertEnded('ERR_FLYSOCKET_CANCEL_FLOOD');
    assert.match(scene.raw.take().at(-1) as string, /^ERROR 0 101 more than 20000 requests cancelled/);
  }
});

test('a peer that cancels no more than it may within WINDOW_MS is never ended', async () => {
  const scene = opened({ responder: stuck, maxCancelsPerSecond: 50, maxRunningHandlers: 1_000_000 });
  for (let second = 0; second < 20; second++) {
    scene.flood(25, (id) => requestStream(id, 1), cancel);
    scene.clock.advance(500);
  }
  // An answer that crosses with its cancel, and a stream that is not there, are no work.
  scene.flood(500, cancel);
  await scene.assertServes();
  assert.is(scene.end, undefined);
  await scene.finish();
});

test('errors that are provoked, whatever by: ERR_FLYSOCKET_ERROR_FLOOD', async () => {
  const provoking: ((id: number) => WriteFrame)[][] = [
    [(id) => requestStream(id, 1)],
    [(id) => requestChannel(id, 0)],
    [firstFragment, (id) => payload(id, NEXT | FOLLOWS)],
  ];
  for (const frames of provoking) {
    const scene = opened();
    scene.flood(MAX_PROVOKED_ERRORS_PER_SECOND, ...frames);
    await scene.assertServes();
    assert.is(scene.end, undefined, 'so many are answered');
    scene.flood(1, ...frames);
    await scene.assertEnded('ERR_FLYSOCKET_ERROR_FLOOD');
  }
  const channels = opened({
    maxProvokedErrorsPerSecond: 100,
    responder: { requestChannel: (items) => items, requestResponse: (request) => request },
  });
  const overdrawn = (id: number): WriteFrame[] => [
    requestChannel(id, 1),
    ...Array.from({ length: 66 }, () => payload(id, NEXT)),
  ];
  for (let i = 0; i <= 100; i++) channels.feed(...overdrawn(2 * i + 1));
  await channels.assertEnded('ERR_FLYSOCKET_ERROR_FLOOD');
  const leased = new HostileScene({ maxProvokedErrorsPerSecond: 100, lease: {} });
  leased.feed(setup({ lease: true }));
  leased.flood(101, requestResponse);
  await leased.assertEnded('ERR_FLYSOCKET_ERROR_FLOOD');
});

function firstFragment(id: number): WriteFrame {
  return (b, o) => {
    const length = requestResponse(id)(b, o);
    b.putUint8(o + 5, FOLLOWS);
    return length;
  };
}

test('a payload whose fragments do not become whole is over in time, and the connection goes on', async () => {
  const scene = opened({ partialPayloadTimeoutMs: 1_000 });
  scene.feed(firstFragment(1));
  scene.clock.advance(900, () => scene.crank.run());
  scene.feed(firstFragment(3));
  assert.is(scene.pool.stats.inUse, 2);
  scene.clock.advance(1_100, () => scene.crank.run());
  assert.is(scene.pool.stats.inUse, 0);
  assert.equal(
    scene.raw.take().map((frame) => frame.slice(0, 11)),
    ['ERROR 1 204', 'ERROR 3 204'],
  );
  scene.feed(requestResponse(5));
  await scene.settle();
  assert.match(scene.raw.take().join(), /^PAYLOAD 5/);
  scene.feed(firstFragment(7), payload(7, NEXT));
  assert.is(scene.pool.stats.inUse, 0);
  assert.is(scene.end, undefined);
  await scene.finish();
});

test('KEEPALIVEs from a peer that reads no answer: one waits, of MAX_KEEP_ALIVE_DATA_LENGTH at most', async () => {
  const scene = opened({}, true);
  const question = keepAlive(true, payloadOf('k'.repeat(1_000)));
  for (let i = 0; i < 5_000; i++) scene.feed(question);
  assert.is(scene.pool.stats.inUse, 1);
  assert.ok(scene.pool.stats.bytesInUse <= 1_024);
  await scene.assertServes();
  assert.is(scene.end, undefined, 'it sends, so it lives');
  scene.clock.advance(6_000, () => scene.crank.run());
  await scene.settle();
  assert.is(scene.end?.code, 'ERR_FLYSOCKET_PEER_SILENT');
});

test('empty fragments, and those of one byte, end their stream', async () => {
  for (const length of [6, 7, 60]) {
    const scene = opened();
    const fragment: WriteFrame = (b, o) => {
      payload(1, NEXT | FOLLOWS)(b, o);
      return length;
    };
    scene.feed(firstFragment(1), ...Array.from({ length: 10_000 }, () => fragment));
    await scene.settle();
    assert.equal(scene.raw.take().length, 1, 'and what comes after that is ignored');
    assert.is(scene.end, undefined);
    assert.is(scene.pool.stats.inUse, 0);
    await scene.finish();
  }
});

test('payloads begun and never finished take what the pool has, then come errors, then the end', async () => {
  const scene = opened({}, false, 512 * 1024);
  const first = (id: number): WriteFrame => {
    return (b, o) => {
      firstFragment(id)(b, o);
      return 500;
    };
  };
  scene.flood(5_000, first);
  assert.ok(scene.pool.stats.bytesTaken - scene.pool.stats.bytesGivenBack <= 512 * 1024);
  await scene.assertServes();
  assert.is(scene.end, undefined);
  scene.flood(MAX_PROVOKED_ERRORS_PER_SECOND, first);
  await scene.assertEnded('ERR_FLYSOCKET_ERROR_FLOOD');
});

test('a peer that asks and never reads: ERR_FLYSOCKET_OUTBOUND_FULL', async () => {
  const answer = 'a'.repeat(10_000);
  const scene = opened(
    { maxOutboundBytes: 1_000_000, responder: { requestResponse: (q) => (q.dataUtf8() === 'honest' ? q : answer) } },
    true,
  );
  for (let i = 0; i < 200 && scene.end === undefined; i++) {
    scene.feed(requestResponse(2 * i + 1));
    assert.ok(scene.pool.stats.bytesInUse < 2_000_000);
  }
  await scene.assertEnded('ERR_FLYSOCKET_OUTBOUND_FULL');
});

test('a peer that streams and never reads: its iterables are not pulled', async () => {
  let pulled = 0;
  const responder: Handler = {
    requestResponse: (request) => request,
    requestStream: async function* () {
      for (;;) {
        pulled++;
        yield 'i'.repeat(1_000);
      }
    },
  };
  const scene = opened({ responder }, true);
  scene.flood(100, (id) => requestStream(id, 0x7fffffff));
  await scene.settle();
  const before = pulled;
  for (let i = 0; i < 20; i++) await scene.settle();
  assert.ok(pulled - before <= 100, `${pulled} items pulled, ${pulled - before} of them without room`);
  assert.ok(pulled < 300, `${pulled} items pulled`);
  assert.is(scene.pool.stats.inUse, 0);
  await scene.finish();
});

test('frames by the thousand before there is a decision: ERR_FLYSOCKET_HELD_FULL', async () => {
  const responder: PeerServerOptions['responder'] = ({ dataMimeType }) => {
    return dataMimeType === 'text/honest' ? { requestResponse: (request) => request } : never;
  };
  const scene = opened({ responder });
  const frame = requestResponse(1);
  // HELD_OVERHEAD_BYTES.
  const charged = 10 + 128;
  const most = Math.floor(MAX_HELD_BYTES / charged);
  for (let i = 0; i < most; i++) scene.feed(frame);
  assert.is(scene.end, undefined);
  assert.is(scene.pool.stats.inUse, most);
  scene.feed(frame);
  await scene.assertEnded('ERR_FLYSOCKET_HELD_FULL');
});

test('connections on which nothing is said end in time', async () => {
  const scene = new HostileScene();
  scene.clock.advance(10_000, () => scene.crank.run());
  await scene.assertEnded('ERR_FLYSOCKET_SETUP_TIMEOUT');
});

test('a server that sends more than it was granted is told INVALID, and cancelled; the rest is ignored', async () => {
  const crank = new HandCrank();
  const clock = new HandClock();
  const pool = new BufferPool({ tracking: true, slabBytes: 8_192 });
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const raw = new RawEnd(left);
  const peer = connectPeer(right, { clock, pool });
  const prefetch = 8;
  const items = peer.requestStream('q', { prefetch })[Symbol.asyncIterator]();
  const first = items.next();
  crank.run();
  raw.take();
  for (let i = 0; i < 50_000; i++) {
    assert.ok(raw.send(payload(1, NEXT)));
    if (i % 1_000 === 0) crank.run();
  }
  crank.run();
  assert.is((await first).value?.dataUtf8(), 'text');
  assert.equal(
    raw.take().map((frame) => frame.slice(0, 11)),
    ['ERROR 1 204', 'CANCEL 1'],
  );
  let waited = 0;
  let failure: RSocketError | undefined;
  for (;;) {
    const next = await items.next().catch((reason: RSocketError) => {
      failure = reason;
      return { done: true };
    });
    if (next.done === true) break;
    waited++;
  }
  assert.is(waited, prefetch - 1);
  assert.is(failure?.code, 'ERR_FLYSOCKET_OVER_CREDIT');
  assert.is(failure?.errorCode, ErrorCode.INVALID);
  assert.is(peer.zeroCopy.openStreams, 0);
  peer.destroy();
  crank.run();
  pool.assertQuiescent();
});

test.run();
