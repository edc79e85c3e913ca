import { connectPeer, Peer, type PeerOptions, RSocketPeer, type RSocketPeerOptions } from 'flysocket/core';
import { BlockKind, CounterBlock, LinkCounter } from 'flysocket/counters';
import { ErrorCode, FrameFlag, FrameType, PayloadFlyweight, type RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { BACK_PRESSURED, InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandClock } from '../tck/HandClock.ts';
import { HandCrank } from '../tck/HandCrank.ts';
import { Probe } from '../tck/Probe.ts';
import { turns } from '../tck/until.ts';
import { Gate } from './Gate.ts';
import { payloadOf, RawEnd, type RawScene, rawScene } from './RawEnd.ts';
import {
  cancel,
  error,
  extension,
  feed,
  keepAlive,
  lease,
  metadataPush,
  ofType,
  payload,
  requestResponse,
  resume,
  setup,
  type WriteFrame,
  withReservedBit,
} from './rawFrames.ts';
import { assertEnds, openServer, serverScene } from './serverScene.ts';

const test = suite('frames of the connection');

const { IGNORE, NEXT, COMPLETE } = FrameFlag;
const ALL_CODES: number[] = [...Object.values(ErrorCode), 0, 0x300, 0x301, 0x7fffffff, 0xfffffffe, 0xffffffff];
const SETUP_CODES: number[] = [
  ErrorCode.INVALID_SETUP,
  ErrorCode.UNSUPPORTED_SETUP,
  ErrorCode.REJECTED_SETUP,
  ErrorCode.REJECTED_RESUME,
];
const text = payloadOf('text');

interface Client extends RawScene {
  readonly clock: HandClock;
  readonly probe: Probe;
  readonly ignored: () => number;
}

/** A client with one request that runs, to which its raw server has not said anything yet. */
function hopeful(options: Partial<PeerOptions> = {}): Client {
  const clock = new HandClock();
  const counters = CounterBlock.unregistered(BlockKind.LINK, 'spec');
  const scene = rawScene({ firstStreamId: 1, clock, counters, setup: {}, ...options });
  const probe = Probe.requester();
  assert.is(scene.peer.requestResponse(text, probe), 1);
  scene.crank.run();
  assert.equal(scene.raw.take(), ['SETUP 0', 'REQUEST_RESPONSE 1 text']);
  return { ...scene, clock, probe, ignored: () => counters.get(LinkCounter.FRAMES_IGNORED) };
}

/** How an ERROR on stream 0 ends a connection; '' if it does not. */
function endOf(scene: RawScene & { clock: HandClock }, code: number): string {
  feed(scene, error(0, code));
  const end = scene.raw.closedWith[0];
  assert.equal(scene.raw.take(), [], 'it is not answered');
  if (end !== undefined) {
    assert.is(end.errorCode, code);
    assert.is(end.message, 'why');
    assert.is(scene.peer.isClosed, true);
  }
  return end?.code ?? '';
}

test('an ERROR of the connection ends a client that waits to be let in, by each code but CONNECTION_CLOSE', () => {
  for (const code of ALL_CODES.filter((each) => each !== ErrorCode.CONNECTION_CLOSE)) {
    for (const before of [[], [keepAlive(true), keepAlive(false)]]) {
      const scene = hopeful();
      feed(scene, ...before);
      scene.raw.take();
      const names = ['INVALID_SETUP', 'UNSUPPORTED_SETUP', 'REJECTED_SETUP', 'REJECTED_RESUME'];
      const name = names[SETUP_CODES.indexOf(code)] ?? 'CONNECTION_ERROR';
      assert.is(endOf(scene, code), `ERR_FLYSOCKET_${name}`);
      assert.is(scene.probe.error?.code, `ERR_FLYSOCKET_${name}`);
      assert.equal(scene.probe.violations, []);
      assertEnds(scene);
    }
  }
});

test('codes that refuse a SETUP mean nothing to a client that has been let in, and to a server', () => {
  const signs: WriteFrame[] = [
    payload(1, NEXT | COMPLETE),
    payload(1, 0),
    cancel(1),
    error(1),
    error(99),
    lease(1, 1_000),
    metadataPush('m'),
    requestResponse(2),
    extension(0, IGNORE),
  ];
  for (const code of ALL_CODES.filter((each) => each !== ErrorCode.CONNECTION_CLOSE)) {
    const isSetupCode = SETUP_CODES.includes(code);
    for (const sign of signs) {
      const client = hopeful();
      feed(client, sign);
      client.raw.take();
      const before = client.ignored();
      assert.is(endOf(client, code), isSetupCode ? '' : 'ERR_FLYSOCKET_CONNECTION_ERROR');
      if (isSetupCode) assert.is(client.ignored(), before + 1);
      assertEnds(client);
    }
    const server = openServer();
    assert.is(endOf(server, code), isSetupCode ? '' : 'ERR_FLYSOCKET_CONNECTION_ERROR');
    assertEnds(server);
  }
});

test('a client ignores a SETUP', () => {
  const scene = hopeful();
  feed(scene, setup(), payload(1, NEXT | COMPLETE));
  assert.equal(scene.raw.take(), []);
  assert.equal(scene.probe.signals, ['next', 'complete']);
  assertEnds(scene);
});

test('extensions and unknown frames are ignored if their flag says so, and else end the connection', () => {
  const ignorable = [0, 1, 2, 77].flatMap((id) => [
    extension(id, IGNORE),
    extension(id, IGNORE | 0x1ff),
    ofType(0x00, id, IGNORE),
    ofType(0x0f, id, IGNORE),
    ofType(0x3e, id, IGNORE),
  ]);
  for (const scene of [hopeful(), openServer()]) {
    feed(scene, ...ignorable);
    assert.equal(scene.raw.take(), []);
    assert.is(scene.peer.isClosed, false);
    assertEnds(scene);
  }
  const others = [0, 1].flatMap((id) => [extension(id, 0), ofType(0, id, 0), ofType(0x0f, id, 0), ofType(0x3e, id, 0)]);
  for (const frame of others) {
    for (const scene of [hopeful(), openServer()]) {
      feed(scene, frame);
      assert.match(scene.raw.take()[0] as string, /^ERROR 0 101 /);
      assert.is(scene.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_FRAME_TYPE');
      assertEnds(scene);
    }
  }
});

test('the reserved bit, and frames of the connection on a stream, end the connection', () => {
  const broken: WriteFrame[] = [
    withReservedBit(requestResponse(1)),
    withReservedBit(keepAlive(true)),
    withReservedBit(error(0)),
    ofType(FrameType.KEEPALIVE, 1, 0),
    ofType(FrameType.LEASE, 1, 0),
    ofType(FrameType.RESUME_OK, 1, 0),
    ofType(FrameType.SETUP, 1, 0),
  ];
  for (const frame of broken) {
    for (const scene of [hopeful(), openServer()]) {
      feed(scene, frame, requestResponse(1));
      assert.equal(scene.raw.take().length, 1);
      assert.is(scene.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_STREAM_ID');
      assertEnds(scene);
    }
  }
  const client = hopeful();
  feed(client, resume);
  assert.is(client.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_RESUME');
  assertEnds(client);
});

test('after its end no frame is looked at any more', () => {
  const scene = openServer();
  for (const frame of [requestResponse(0), requestResponse(1), keepAlive(true), requestResponse(0)]) {
    assert.ok(scene.raw.send(frame));
  }
  scene.crank.run();
  assert.equal(scene.requests, []);
  assert.is(scene.raw.take().length, 1);
  assertEnds(scene);
});

test('what is pushed reaches the handler on the low level, and is sent from there', () => {
  const scene = openServer();
  feed(scene, metadataPush('to the server'), metadataPush(''), ofType(FrameType.METADATA_PUSH, 1, 0));
  assert.equal(scene.requests, ['metadata-push to the server', 'metadata-push ']);
  const { dataBuffer, dataLength } = payloadOf('to the client');
  assert.is(scene.peer.metadataPush(new PayloadFlyweight().wrapMetadata(dataBuffer, 0, dataLength)), 1);
  assert.is(scene.peer.metadataPush(payloadOf('data is not sent')), 1);
  scene.crank.run();
  assert.equal(scene.raw.take(), ['METADATA_PUSH 0 to the client', 'METADATA_PUSH 0']);
  const tooLong = payloadOf('m'.repeat(70_000));
  let code = '';
  try {
    scene.peer.metadataPush(new PayloadFlyweight().wrapMetadata(tooLong.dataBuffer, 0, 70_000));
  } catch (thrown) {
    code = (thrown as RSocketError).code;
  }
  assert.is(code, 'ERR_FLYSOCKET_FRAME_TOO_LONG');
  assertEnds(scene);
});

test('what a handler of pushed metadata throws is reported, and the connection goes on', () => {
  const thrown = new Error('thrown');
  const handler = {
    metadataPush: () => {
      throw thrown;
    },
  };
  const scene = serverScene(() => handler);
  feed(scene, setup(), metadataPush('m'), keepAlive(true));
  assert.equal(scene.raw.take(), ['KEEPALIVE 0']);
  assert.equal(scene.uncaught.splice(0), [thrown]);
  assertEnds(scene);
});

/** Two peers of the high level. */
function highPair(
  client: Partial<RSocketPeerOptions>,
  server: Partial<RSocketPeerOptions>,
  capacity = 65_536,
): { client: RSocketPeer; server: RSocketPeer; crank: HandCrank; pool: BufferPool } {
  const crank = new HandCrank();
  const clock = new HandClock();
  const pool = new BufferPool({ tracking: true, slabBytes: 8_192 });
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule, capacity });
  const shared = { pool, clock };
  return {
    client: connectPeer(left, { ...shared, ...client }),
    server: new RSocketPeer(right, { ...shared, firstStreamId: 2, entrance: {}, ...server }),
    crank,
    pool,
  };
}

test('what is pushed reaches the handler on the high level, either way, though it has to wait', async () => {
  const heard: string[] = [];
  const uncaught: unknown[] = [];
  const handler = {
    metadataPush: async (pushed: { metadataUtf8(): string | undefined; data: Uint8Array }) => {
      assert.is(pushed.data.length, 0);
      heard.push(pushed.metadataUtf8()?.slice(0, 4) as string);
      if (heard.length === 1) throw new Error('thrown');
    },
  };
  const onUncaught = (reason: unknown): void => {
    uncaught.push((reason as Error).message);
  };
  const options = { handler, onUncaught };
  const { client, server, crank, pool } = highPair(options, options, 1_024);
  crank.run();
  const pushes = [
    client.metadataPush('text'),
    client.metadataPush(new TextEncoder().encode('bytes')),
    ...Array.from({ length: 8 }, (_, i) => client.metadataPush(`${i}...${'x'.repeat(300)}`)),
    server.metadataPush('back'),
  ];
  for (let i = 0; i < 20; i++) {
    crank.run();
    await turns(1);
  }
  await Promise.all(pushes);
  assert.equal(heard.sort(), ['0...', '1...', '2...', '3...', '4...', '5...', '6...', '7...', 'back', 'byte', 'text']);
  assert.equal(uncaught, ['thrown']);
  let code = '';
  await client.metadataPush('m'.repeat(5_000)).catch((reason: RSocketError) => {
    code = reason.code;
  });
  assert.is(code, 'ERR_FLYSOCKET_FRAME_TOO_LONG');
  client.destroy();
  crank.run();
  await client.metadataPush('late').catch((reason: RSocketError) => {
    code = reason.code;
  });
  assert.is(code, 'ERR_FLYSOCKET_CONNECTION_CLOSED');
  pool.assertQuiescent();
});

test('frames of the connection that wait keep their order, ahead of the streams', () => {
  const crank = new HandCrank();
  const clock = new HandClock();
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule, capacity: 256 });
  const raw = new RawEnd(left);
  const server = openNarrow(right, clock);
  crank.run();
  raw.send(setup({ lease: true }));
  crank.run();
  raw.take();
  // No room for anything: what is sent now waits.
  while (server.metadataPush(payloadOf('')) === 1);
  server.grantLease({ requests: 1, ttlMs: 1_000 });
  server.grantLease({ requests: 2, ttlMs: 2_000 });
  server.grantLease({ requests: 3, ttlMs: 3_000 });
  crank.run();
  assert.equal(raw.take().slice(-3), ['LEASE 0 1 in 1000 ms', 'LEASE 0 2 in 2000 ms', 'LEASE 0 3 in 3000 ms']);
  raw.close();
  crank.run();
});

test('SETUP goes first, though it has to wait and there is room for others before', () => {
  const crank = new HandCrank();
  const clock = new HandClock();
  const pool = new BufferPool({ tracking: true, slabBytes: 8_192 });
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const raw = new RawEnd(left);
  const gate = new Gate(right);
  gate.isShut = true;
  const lease = { grant: { requests: 1, ttlMs: 1_000 } };
  const peer = new Peer(gate, { firstStreamId: 1, clock, pool, setup: {}, lease });
  crank.run();
  gate.isShut = false;
  peer.grantLease({ requests: 2, ttlMs: 2_000 });
  assert.is(peer.metadataPush(new PayloadFlyweight()), BACK_PRESSURED);
  raw.send(keepAlive(true, payloadOf('alive?')));
  crank.run();
  assert.equal(raw.take(), []);
  peer.onWritable();
  crank.run();
  assert.equal(raw.take(), ['SETUP 0 L', 'LEASE 0 1 in 1000 ms', 'LEASE 0 2 in 2000 ms', 'KEEPALIVE 0 alive?']);
  peer.close();
  crank.run();
  pool.assertQuiescent();
  assert.is(clock.timers, 0);
});

function openNarrow(connection: InProcessConnection, clock: HandClock): RSocketPeer['zeroCopy'] {
  const pool = new BufferPool();
  return new RSocketPeer(connection, { firstStreamId: 2, clock, pool, entrance: {}, lease: {} }).zeroCopy;
}

test.run();
