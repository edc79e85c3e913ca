import {
  connectPeer,
  KEEP_ALIVE_INTERVAL_MS,
  MAX_KEEP_ALIVE_DATA_LENGTH,
  MAX_LIFETIME_MS,
  NO_KEEP_ALIVE_MS,
  Peer,
  type PeerOptions,
  type RequestHandler,
} from 'flysocket/core';
import { BlockKind, CounterBlock, LinkCounter } from 'flysocket/counters';
import type { PayloadFlyweight } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandClock } from '../tck/HandClock.ts';
import { HandCrank } from '../tck/HandCrank.ts';
import { Gate } from './Gate.ts';
import { payloadOf, RawEnd, type RawScene, rawScene } from './RawEnd.ts';
import { extension, feed, keepAlive, requestResponse, setup } from './rawFrames.ts';
import { assertEnds, openServer } from './serverScene.ts';

const test = suite('keepalive');

const TIMES = { keepAliveIntervalMs: 1_000, maxLifetimeMs: 4_000 };

interface ClientScene extends RawScene {
  readonly clock: HandClock;
}

/** A client whose SETUP has been taken out of what its raw server got. */
function client(options: Partial<PeerOptions> = {}, capacity?: number): ClientScene {
  const clock = new HandClock();
  const scene = rawScene({ firstStreamId: 1, clock, setup: TIMES, ...options }, capacity);
  assert.equal(
    scene.raw.take().map((frame) => frame.split(' ')[0]),
    ['SETUP'],
  );
  return { ...scene, clock };
}

/** Lets time pass, and runs what comes of each timer. */
function pass({ clock, crank }: ClientScene, ms: number): void {
  clock.advance(ms, () => crank.run());
  crank.run();
}

test('a client asks at its interval, and a server answers with what it was sent', () => {
  const asking = client();
  pass(asking, 999);
  assert.equal(asking.raw.take(), []);
  pass(asking, 1);
  assert.equal(asking.raw.take(), ['KEEPALIVE 0 R']);
  pass(asking, 2_999);
  assert.equal(asking.raw.take(), ['KEEPALIVE 0 R', 'KEEPALIVE 0 R']);
  assertEnds(asking);

  const counters = CounterBlock.unregistered(BlockKind.LINK, 'spec');
  const server = openServer({ counters });
  feed(server, keepAlive(true), keepAlive(false, payloadOf('no answer')), keepAlive(true, payloadOf('12345')));
  assert.equal(server.raw.take(), ['KEEPALIVE 0', 'KEEPALIVE 0 12345']);
  server.clock.advance(3_000);
  server.crank.run();
  assert.equal(server.raw.take(), [], 'a server does not ask');
  assert.is(counters.get(LinkCounter.KEEPALIVES_RECEIVED), 3);
  assert.is(counters.get(LinkCounter.KEEPALIVES_SENT), 2);
  assertEnds(server);
});

test('an interval longer than the lifetime, and one that is no part of it, are kept', () => {
  const rare = client({ setup: { keepAliveIntervalMs: 10_000, maxLifetimeMs: 4_000 } });
  for (let i = 0; i < 9; i++) {
    feed(rare, keepAlive(false));
    pass(rare, 1_000);
  }
  assert.equal(rare.raw.take(), []);
  feed(rare, keepAlive(false));
  pass(rare, 1_000);
  assert.equal(rare.raw.take(), ['KEEPALIVE 0 R']);
  assertEnds(rare);

  const odd = client({ setup: { keepAliveIntervalMs: 1_500, maxLifetimeMs: 4_000 } });
  const at: number[] = [];
  for (let i = 0; i < 60; i++) {
    feed(odd, keepAlive(false));
    pass(odd, 100);
    if (odd.raw.take().length > 0) at.push(odd.clock.nowMs());
  }
  assert.equal(at, [1_500, 3_000, 4_500, 6_000]);
  assertEnds(odd);
});

test('the times of a client that says none', () => {
  const scene = client({ setup: {} });
  assert.is(KEEP_ALIVE_INTERVAL_MS, 20_000);
  pass(scene, KEEP_ALIVE_INTERVAL_MS);
  assert.equal(scene.raw.take(), ['KEEPALIVE 0 R']);
  pass(scene, MAX_LIFETIME_MS - KEEP_ALIVE_INTERVAL_MS - 1);
  assert.is(scene.peer.isClosed, false);
  pass(scene, KEEP_ALIVE_INTERVAL_MS);
  assert.is(scene.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_PEER_SILENT');
  assertEnds(scene);
});

test('positions are told and passed on', () => {
  const received: number[] = [];
  const positions = { received: 2 ** 40 + 3, onPeerReceived: (position: number) => received.push(position) };
  const scene = client({ positions });
  feed(scene, keepAlive(true, payloadOf('x'), 77), keepAlive(false, payloadOf(''), 2 ** 50));
  assert.equal(received, [77, 2 ** 50]);
  assert.equal(scene.raw.take(), [`KEEPALIVE 0 ${2 ** 40 + 3} x`]);
  positions.received = 5;
  pass(scene, 1_000);
  assert.equal(scene.raw.take(), ['KEEPALIVE 0 R 5']);
  assertEnds(scene);
});

test('silence for the lifetime, looked at TICKS_PER_LIFETIME, ends the connection: ERR_FLYSOCKET_PEER_SILENT', () => {
  const asking = client();
  const server = openServer();
  for (const scene of [asking, server]) {
    pass(scene, 3_999);
    assert.is(scene.raw.closedWith.length, 0);
    pass(scene, 1_000);
    const last = scene.raw.take().at(-1) as string;
    assert.match(last, /^ERROR 0 101 no sign of the peer for 4000 ms, maxLifetimeMs=4000$/);
    assert.is(scene.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_PEER_SILENT');
    assertEnds(scene);
  }
});

test('any byte counts as a sign of life, whatever it is of', () => {
  for (const frame of [keepAlive(false), extension(0, 0x200), requestResponse(1)]) {
    for (const scene of [client(), openServer()]) {
      for (let i = 0; i < 10; i++) {
        pass(scene, 3_000);
        feed(scene, frame);
      }
      assert.is(scene.peer.isClosed, false);
      pass(scene, 6_000);
      assert.is(scene.peer.isClosed, true);
      assertEnds(scene);
    }
  }
});

test('a thread that was busy or asleep for STALL_MS judges nobody before it has read what came meanwhile', () => {
  for (const [lifetime, busyMs] of [
    [4_000, 12_000],
    [400, 450],
  ] as const) {
    const setupInit = { keepAliveIntervalMs: 100_000, maxLifetimeMs: lifetime };
    const scene = client({ setup: setupInit });
    pass(scene, lifetime / 2);
    // The peer sent, but this thread did not get to it.
    assert.ok(scene.raw.send(keepAlive(false)));
    scene.clock.stall(busyMs);
    assert.is(scene.raw.closedWith.length, 0);
    scene.crank.run();
    pass(scene, lifetime - 1);
    assert.is(scene.peer.isClosed, false);
    pass(scene, lifetime);
    assert.is(scene.peer.isClosed, true);
    assertEnds(scene);

    const dead = client({ setup: setupInit });
    dead.clock.stall(busyMs);
    dead.crank.run();
    assert.is(dead.peer.isClosed, false, 'one more tick is granted');
    pass(dead, Math.min(lifetime / 4, 500));
    assert.is(dead.peer.isClosed, true, 'and no more than one');
    assertEnds(dead);
  }
});

test('NO_KEEP_ALIVE_MS asks nothing and waits for ever; a server has a limit of its own', () => {
  const patient = { keepAliveIntervalMs: NO_KEEP_ALIVE_MS, maxLifetimeMs: NO_KEEP_ALIVE_MS };
  const silent = client({ setup: patient });
  assert.is(silent.clock.timers, 0);
  assertEnds(silent);

  const asking = client({ setup: { keepAliveIntervalMs: 1_000_000_000, maxLifetimeMs: NO_KEEP_ALIVE_MS } });
  pass(asking, 4_000_000_000);
  assert.is(asking.peer.isClosed, false);
  assert.is(asking.raw.take().length, 4);
  assertEnds(asking);

  const server = openServer();
  const late = serverOf(patient);
  pass(late, 599_999);
  assert.is(late.peer.isClosed, false);
  pass(late, 150_000);
  assert.is(late.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_PEER_SILENT');
  assertEnds(late);
  assertEnds(server);

  const trusting = serverOf(patient, NO_KEEP_ALIVE_MS);
  assert.is(trusting.clock.timers, 0);
  assertEnds(trusting);
});

function serverOf(times: typeof TIMES, maxLifetimeMs?: number): ClientScene {
  const clock = new HandClock();
  const scene = rawScene({ clock, entrance: { accept: () => ({}), maxLifetimeMs } });
  feed(scene, setup(times));
  return { ...scene, clock };
}

test('data that is too long to be sent back ends the connection: ERR_FLYSOCKET_KEEP_ALIVE_DATA', () => {
  const scene = client({}, 200_000);
  const data = (length: number): PayloadFlyweight => payloadOf('d'.repeat(length));
  feed(scene, keepAlive(true, data(MAX_KEEP_ALIVE_DATA_LENGTH)));
  assert.is(scene.raw.take()[0], `KEEPALIVE 0 ${'d'.repeat(MAX_KEEP_ALIVE_DATA_LENGTH)}`);
  feed(scene, keepAlive(false, data(MAX_KEEP_ALIVE_DATA_LENGTH + 1)));
  assert.is(scene.peer.isClosed, false, 'nobody asked for that one');
  feed(scene, keepAlive(true, data(MAX_KEEP_ALIVE_DATA_LENGTH + 1)));
  assert.match(scene.raw.take()[0] as string, /^ERROR 0 101 KEEPALIVE data too long: 65537 bytes, limit 65536$/);
  assert.is(scene.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_KEEP_ALIVE_DATA');
  assertEnds(scene);
});

test('an answer that finds no room waits, and a later one takes its place', () => {
  const crank = new HandCrank();
  const clock = new HandClock();
  const pool = new BufferPool({ tracking: true, slabBytes: 8_192 });
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const raw = new RawEnd(left);
  const gate = new Gate(right);
  const peer = new Peer(gate, { firstStreamId: 1, clock, pool, setup: TIMES });
  crank.run();
  raw.take();
  gate.isShut = true;
  for (let i = 1; i <= 5; i++) {
    assert.ok(raw.send(keepAlive(true, payloadOf('a'.repeat(i)))));
    crank.run();
    assert.is(pool.stats.inUse, 1);
  }
  gate.isShut = false;
  peer.onWritable();
  peer.onWritable();
  crank.run();
  assert.equal(raw.take(), ['KEEPALIVE 0 aaaaa']);
  pool.assertQuiescent();
  gate.isShut = true;
  assert.ok(raw.send(keepAlive(true)));
  crank.run();
  gate.isShut = false;
  assert.ok(raw.send(keepAlive(true, payloadOf('overtaken'))));
  crank.run();
  peer.onWritable();
  gate.isShut = true;
  assert.ok(raw.send(keepAlive(true)));
  crank.run();
  peer.close();
  crank.run();
  assert.equal(raw.take(), ['KEEPALIVE 0 overtaken']);
  pool.assertQuiescent();
  assert.is(clock.timers, 0);
});

test('an answer that waits goes ahead of the streams, however much of them waits', () => {
  const crank = new HandCrank();
  const clock = new HandClock();
  const pool = new BufferPool({ tracking: true, slabBytes: 8_192 });
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule, capacity: 512 });
  const raw = new RawEnd(left);
  const gate = new Gate(right);
  const answer = payloadOf('a'.repeat(300));
  const handler: RequestHandler = {
    requestResponse: (_payload, streamId, rsocket) => {
      rsocket.next(streamId, answer, true);
      return undefined;
    },
  };
  const peer = new Peer(gate, { firstStreamId: 2, clock, pool, handler });
  crank.run();
  gate.isShut = true;
  for (const frame of [requestResponse(1), requestResponse(3), requestResponse(5), keepAlive(true)]) {
    assert.ok(raw.send(frame));
  }
  crank.run();
  gate.isShut = false;
  peer.onWritable();
  crank.run();
  assert.equal(
    raw.take().map((frame) => frame.slice(0, 11)),
    ['KEEPALIVE 0', 'PAYLOAD 1 N', 'PAYLOAD 3 N', 'PAYLOAD 5 N'],
  );
  peer.close();
  crank.run();
  pool.assertQuiescent();
});

test('times that the frame cannot say are refused: ERR_FLYSOCKET_KEEP_ALIVE', () => {
  for (const wrong of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
    for (const setupInit of [{ keepAliveIntervalMs: wrong }, { maxLifetimeMs: wrong }]) {
      const [left] = InProcessConnection.pair({ schedule: () => {} });
      let code = '';
      try {
        connectPeer(left, { setup: setupInit, clock: new HandClock() });
      } catch (error) {
        code = (error as { code: string }).code;
      }
      assert.is(code, 'ERR_FLYSOCKET_KEEP_ALIVE', String(wrong));
    }
  }
});

test.run();
