import { connectPeer, type PeerOptions, RSocketPeer } from 'flysocket/core';
import { ErrorCode, FrameFlag, type RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { CLOSED, InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandClock } from '../tck/HandClock.ts';
import { HandCrank } from '../tck/HandCrank.ts';
import { Probe } from '../tck/Probe.ts';
import { turns } from '../tck/until.ts';
import { longPayload, payloadOf, type RawScene, rawScene } from './RawEnd.ts';
import {
  error,
  feed,
  fireAndForget,
  keepAlive,
  payload,
  requestChannel,
  requestN,
  requestResponse,
  requestStream,
  setup,
} from './rawFrames.ts';
import { assertEnds, openServer } from './serverScene.ts';

const test = suite('the orderly end of a connection');

const { NEXT, COMPLETE } = FrameFlag;
const CLOSE = ErrorCode.CONNECTION_CLOSE;
const text = payloadOf('text');

function client(options: Partial<PeerOptions> = {}): RawScene & { clock: HandClock } {
  const clock = new HandClock();
  const scene = rawScene({ firstStreamId: 1, clock, setup: {}, ...options });
  scene.raw.take();
  return { ...scene, clock };
}

/** Runs all that can run without time passing. */
async function settle(crank: HandCrank): Promise<void> {
  for (let i = 0; i < 4; i++) {
    crank.run();
    await turns(1);
  }
}

test('a connection on which nothing runs closes at once, and nothing is said', async () => {
  for (const scene of [client(), openServer()]) {
    scene.peer.shutDown();
    scene.peer.shutDown();
    await settle(scene.crank);
    assert.equal(scene.raw.take(), []);
    assert.equal(scene.raw.closedWith, [undefined]);
    scene.peer.shutDown();
    assertEnds(scene);
  }
});

test('CONNECTION_CLOSE is sent, what runs may finish, and then the connection closes', async () => {
  const scene = client();
  const { peer, raw, crank } = scene;
  const single = Probe.requester();
  const stream = Probe.requester();
  peer.requestResponse(text, single);
  peer.requestStream(text, 2, stream);
  crank.run();
  raw.take();
  peer.shutDown();
  peer.shutDown();
  await settle(crank);
  assert.equal(raw.take(), ['ERROR 0 102 the connection is closing'], 'once');
  assert.is(peer.requestResponse(text, single), CLOSED);
  assert.is(peer.requestStream(text, 1, single), CLOSED);
  assert.is(peer.requestChannel(text, 1, false, single), CLOSED);
  assert.is(peer.fireAndForget(text), CLOSED);
  feed(scene, payload(1, NEXT | COMPLETE), payload(3, NEXT), payload(3, NEXT), keepAlive(true));
  peer.request(3, 1);
  await settle(crank);
  assert.equal(raw.take(), ['KEEPALIVE 0', 'REQUEST_N 3 1']);
  assert.is(peer.isClosed, false);
  feed(scene, payload(3, NEXT | COMPLETE));
  await settle(crank);
  assert.equal(single.signals, ['next', 'complete']);
  assert.equal(stream.signals, ['next', 'next', 'next', 'complete']);
  assert.equal(raw.closedWith, [undefined]);
  assertEnds(scene);
});

test("the peer's requests are rejected from then on", async () => {
  const scene = openServer();
  feed(scene, requestStream(1, 1));
  scene.peer.shutDown();
  feed(scene, requestResponse(3), fireAndForget(5), requestStream(7, 1), requestChannel(9, 1));
  assert.equal(scene.raw.take(), [
    'ERROR 0 102 the connection is closing',
    ...[3, 7, 9].map((id) => `ERROR ${id} 202 the connection is closing`),
  ]);
  assert.equal(scene.requests, ['request-stream 1 1']);
  assert.is(scene.peer.next(1, text, true), 1);
  await settle(scene.crank);
  assert.equal(scene.raw.take(), ['PAYLOAD 1 NC text'], 'the last item goes out before the end');
  assert.equal(scene.raw.closedWith, [undefined]);
  assertEnds(scene);
});

test('what is open at the deadline fails: ERR_FLYSOCKET_SHUTDOWN_DEADLINE', async () => {
  for (const [deadlineMs, expected] of [
    [undefined, 5_000],
    [70, 70],
    [0, 0],
  ] as const) {
    const scene = client();
    const probe = Probe.requester();
    scene.peer.requestResponse(text, probe);
    scene.crank.run();
    scene.peer.shutDown(deadlineMs);
    scene.clock.advance(expected - 1);
    await settle(scene.crank);
    assert.is(scene.peer.isClosed, false);
    scene.clock.advance(1);
    await settle(scene.crank);
    assert.is(scene.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_SHUTDOWN_DEADLINE');
    assert.is(probe.error?.code, 'ERR_FLYSOCKET_SHUTDOWN_DEADLINE');
    assert.equal(probe.violations, []);
    assertEnds(scene);
  }
});

test('the peer may ask for the end: then no new requests, and the end comes with that of the last stream', async () => {
  const idle = openServer();
  feed(idle, error(0, CLOSE));
  await settle(idle.crank);
  assert.equal(idle.raw.take(), [], 'it is not answered');
  assert.equal(idle.raw.closedWith, [undefined]);
  assertEnds(idle);

  for (const scene of [client(), openServer()]) {
    const { peer, raw, crank } = scene;
    const probe = Probe.requester();
    const own = peer.requestResponse(text, probe);
    crank.run();
    raw.take();
    feed(scene, error(0, CLOSE), error(0, CLOSE), requestResponse(own + 1));
    await settle(crank);
    assert.equal(raw.take(), [`ERROR ${own + 1} 202 the connection is closing`]);
    assert.is(peer.requestResponse(text, probe), CLOSED);
    scene.clock.advance(3_000);
    await settle(crank);
    assert.is(peer.isClosed, false, 'the deadline is that of the one who asked');
    feed(scene, payload(own, NEXT | COMPLETE));
    await settle(crank);
    assert.equal(raw.closedWith, [undefined]);
    assert.equal(probe.signals, ['next', 'complete']);
    assertEnds(scene);
  }
});

test('this side may set a deadline after the peer has asked for the end', async () => {
  const scene = client();
  const probe = Probe.requester();
  scene.peer.requestResponse(text, probe);
  feed(scene, error(0, CLOSE));
  scene.raw.take();
  scene.peer.shutDown(10);
  await settle(scene.crank);
  assert.equal(scene.raw.take(), ['ERROR 0 102 the connection is closing']);
  scene.clock.advance(10);
  await settle(scene.crank);
  assert.is(probe.error?.code, 'ERR_FLYSOCKET_SHUTDOWN_DEADLINE');
  assertEnds(scene);
});

test('it waits for what is queued', async () => {
  const long = longPayload(5_000);
  const handler = {
    requestResponse: (
      _request: unknown,
      streamId: number,
      peer: { next(id: number, p: typeof long, c: boolean): number },
    ) => {
      assert.is(peer.next(streamId, long, true), 1);
      return undefined;
    },
  };
  const scene = rawScene({ handler, clock: new HandClock() }, 512);
  assert.ok(scene.raw.send(requestResponse(1)));
  scene.crank.step();
  assert.is(scene.peer.openStreams, 0);
  assert.ok(scene.peer.queuedBytes > 4_000);
  scene.peer.shutDown();
  assert.is(scene.peer.isClosed, false);
  await settle(scene.crank);
  const frames = scene.raw.frames.filter(({ streamId }) => streamId === 1);
  assert.is(
    frames.reduce((sum, { text: part }) => sum + part.length, 0),
    5_000,
  );
  assert.equal(scene.raw.closedWith, [undefined]);
  scene.pool.assertQuiescent();
});

test('a channel that is half closed still counts', async () => {
  const scene = client();
  const { peer, crank, raw } = scene;
  const probe = Probe.requester(true);
  const id = peer.requestChannel(text, 5, false, probe);
  feed(scene, requestN(id, 5));
  peer.shutDown();
  feed(scene, payload(id, NEXT | COMPLETE));
  await settle(crank);
  assert.is(peer.isClosed, false);
  assert.is(peer.next(id, text, false), 1);
  peer.complete(id);
  probe.endedHere('outbound');
  await settle(crank);
  assert.equal(raw.take().slice(-2), [`PAYLOAD ${id} N text`, `PAYLOAD ${id} C`]);
  assert.equal(raw.closedWith, [undefined]);
  assert.equal(probe.violations, []);
  assertEnds(scene);
});

test('a server that has not let its client in just closes', async () => {
  const clock = new HandClock();
  const scene = rawScene({ clock, entrance: { accept: () => new Promise(() => {}) } });
  feed(scene, setup(), requestResponse(1));
  scene.peer.shutDown();
  await settle(scene.crank);
  assert.equal(scene.raw.closedWith, [undefined]);
  assertEnds({ ...scene, clock });
});

interface HighPair {
  readonly client: RSocketPeer;
  readonly server: RSocketPeer;
  readonly crank: HandCrank;
  readonly clock: HandClock;
  readonly pool: BufferPool;
}

function highPair(): HighPair {
  const crank = new HandCrank();
  const clock = new HandClock();
  const pool = new BufferPool({ tracking: true, slabBytes: 8_192 });
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const handler = {
    requestResponse: async () => {
      await turns(2);
      return 'answer';
    },
    requestStream: async function* () {
      for (let i = 0; i < 3; i++) {
        await turns(1);
        yield String(i);
      }
    },
  };
  return {
    client: connectPeer(left, { pool, clock, handler }),
    server: new RSocketPeer(right, { firstStreamId: 2, pool, clock, entrance: {}, handler }),
    crank,
    clock,
    pool,
  };
}

test('on the high level what runs finishes, on whichever side close is called, or on both at once', async () => {
  for (const who of ['client', 'server', 'both']) {
    const { client, server, crank, clock, pool } = highPair();
    await settle(crank);
    const items: string[] = [];
    const reading = (async () => {
      for await (const item of client.requestStream('s')) items.push(item.dataUtf8());
    })();
    const answers = Promise.all([client.requestResponse('q'), server.requestResponse('q')]);
    crank.run();
    const closings: Promise<void>[] = [];
    if (who !== 'server') closings.push(client.close());
    if (who !== 'client') closings.push(server[Symbol.asyncDispose]());
    let late = '';
    client.requestResponse('late').catch((reason: RSocketError) => {
      late = reason.code;
    });
    for (let i = 0; i < 5; i++) await settle(crank);
    assert.equal(items, ['0', '1', '2'], who);
    assert.equal(
      (await answers).map((answer) => answer.dataUtf8()),
      ['answer', 'answer'],
    );
    await Promise.all([reading, ...closings]);
    assert.is(late, who === 'server' ? 'ERR_FLYSOCKET_REJECTED' : 'ERR_FLYSOCKET_CONNECTION_CLOSED');
    assert.is(await client.onClose, undefined);
    assert.is(await server.onClose, undefined);
    assert.is(clock.timers, 0);
    pool.assertQuiescent();
  }
});

test('on the high level what has not finished by the deadline fails; destroy does not wait', async () => {
  for (const end of ['close', 'destroy'] as const) {
    const { client, crank, clock, pool } = highPair();
    await settle(crank);
    const request = client.requestResponse('q').catch((reason: RSocketError) => reason.code);
    crank.run();
    const closing = client.close({ deadlineMs: 5 });
    if (end === 'destroy') client.destroy();
    else clock.advance(5);
    crank.run();
    assert.is(await request, end === 'close' ? 'ERR_FLYSOCKET_SHUTDOWN_DEADLINE' : 'ERR_FLYSOCKET_CONNECTION_CLOSED');
    await closing;
    await turns(4);
    assert.is(clock.timers, 0);
    pool.assertQuiescent();
  }
});

test.run();
