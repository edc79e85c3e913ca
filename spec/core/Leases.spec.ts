import { LEASE_GRACE_MS, NO_LEASE, type PeerOptions } from 'flysocket/core';
import { FrameFlag, type RSocketError } from 'flysocket/flyweight';
import { BACK_PRESSURED } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandClock } from '../tck/HandClock.ts';
import { Probe } from '../tck/Probe.ts';
import { longPayload, payloadOf, rawScene } from './RawEnd.ts';
import {
  feed,
  fireAndForget,
  keepAlive,
  lease,
  metadataPush,
  payload,
  requestChannel,
  requestResponse,
  requestStream,
  setup,
} from './rawFrames.ts';
import { assertEnds, openServer, type ServerScene, serverScene } from './serverScene.ts';

const test = suite('leases');

const { NEXT, FOLLOWS } = FrameFlag;
const text = payloadOf('text');
const TIMES = { keepAliveIntervalMs: 100_000, maxLifetimeMs: 400_000 };

/** A low-level client that asks for leases, whose SETUP has been taken out. */
function client(options: Partial<PeerOptions> = {}): Omit<ServerScene, 'setups' | 'requests' | 'accepted'> {
  const clock = new HandClock();
  const scene = rawScene({ firstStreamId: 1, clock, setup: TIMES, lease: {}, ...options });
  assert.equal(scene.raw.take()[0], 'SETUP 0 L');
  return { ...scene, clock };
}

test('a client asks nothing without a lease, and no more than that allows, in its time', () => {
  const scene = client();
  const { peer, raw, crank, clock } = scene;
  const probe = Probe.requester();
  assert.is(peer.permits, 0);
  assert.is(peer.requestResponse(text, probe), NO_LEASE);
  assert.is(peer.fireAndForget(text), NO_LEASE);
  feed(scene, lease(4, 1_000));
  assert.is(peer.permits, 4);
  assert.is(peer.requestResponse(text, Probe.requester()), 1, 'what was refused took no id');
  assert.is(peer.fireAndForget(text), 1);
  assert.is(peer.requestStream(text, 1, Probe.requester()), 5);
  assert.is(peer.requestChannel(text, 1, true, Probe.requester()), 7);
  assert.is(peer.permits, 0);
  assert.is(peer.requestChannel(text, 1, true, probe), NO_LEASE);
  crank.run();
  assert.is(raw.take().length, 4);

  feed(scene, lease(2, 1_000));
  clock.advance(999);
  assert.is(peer.fireAndForget(text), 1);
  clock.advance(1);
  assert.is(peer.permits, 0, 'it has expired');
  assert.is(peer.fireAndForget(text), NO_LEASE);
  feed(scene, lease(9, 1_000), lease(1, 5_000));
  clock.advance(4_000);
  assert.is(peer.permits, 1, 'the last lease counts, and no other');
  for (const none of [lease(0, 5_000), lease(5, 0)]) {
    feed(scene, lease(1, 5_000), none);
    assert.is(peer.permits, 0);
  }
  assertEnds(scene);
});

test('what is no request needs no lease', () => {
  const scene = client();
  const { peer, raw, crank } = scene;
  const metadata = payloadOf('pushed');
  assert.is(peer.metadataPush(payloadOf('').wrapMetadata(metadata.dataBuffer, 0, 6)), 1);
  feed(scene, lease(1, 1_000));
  const probe = Probe.requester(true);
  const id = peer.requestChannel(text, 5, false, probe);
  feed(scene, payload(id, NEXT));
  peer.request(id, 3);
  crank.run();
  assert.is(peer.permits, 0);
  assert.equal(
    raw.take().map((frame) => frame.split(' ')[0]),
    ['METADATA_PUSH', 'REQUEST_CHANNEL', 'REQUEST_N'],
  );
  assertEnds(scene);
});

test('a request that finds no room, and one in fragments, cost a permit when they go', () => {
  const scene = client({ maxFrameLength: 64 });
  const { peer, crank } = scene;
  feed(scene, lease(1_000_000, 100_000));
  assert.is(peer.requestResponse(longPayload(500), Probe.requester()), 1);
  assert.is(peer.permits, 999_999);
  let sent = 1;
  for (; ; sent++) {
    const result = peer.requestResponse(longPayload(500), Probe.requester());
    if (result === BACK_PRESSURED) break;
    assert.is(result, 1 + 2 * sent);
  }
  assert.is(peer.permits, 1_000_000 - sent);
  crank.run();
  assert.is(peer.requestResponse(text, Probe.requester()), 1 + 2 * sent);
  assertEnds(scene);
});

test('leases mean nothing where they were not agreed on', () => {
  const scene = openServer();
  const { peer, raw } = scene;
  feed(scene, lease(1, 1_000));
  assert.is(peer.permits, Number.POSITIVE_INFINITY);
  peer.grantLease({ requests: 1, ttlMs: 1 });
  feed(scene, requestResponse(1), requestResponse(3));
  assert.equal(raw.take(), ['PAYLOAD 1 NC answer', 'PAYLOAD 3 NC answer']);
  assertEnds(scene);

  const granting = serverScene(undefined, { lease: { grant: { requests: 1, ttlMs: 1_000 } } });
  feed(granting, setup());
  feed(granting, requestResponse(1), requestResponse(3));
  assert.equal(
    granting.raw.take(),
    ['PAYLOAD 1 NC answer', 'PAYLOAD 3 NC answer'],
    'its client did not ask for leases',
  );
  assertEnds(granting);
});

test('a server grants, and rejects what is beyond', () => {
  const scene = openServer({ lease: { grant: { requests: 3, ttlMs: 1_000 } } });
  const { raw, requests } = scene;
  assert.equal(raw.take(), ['LEASE 0 3 in 1000 ms']);
  feed(scene, requestResponse(1), fireAndForget(3), metadataPush('m'), keepAlive(true), requestStream(5, 1));
  assert.equal(requests.splice(0), ['request-response 1', 'fire-and-forget', 'metadata-push m', 'request-stream 5 1']);
  raw.take();
  feed(scene, requestResponse(7), fireAndForget(9), requestStream(11, 1), requestChannel(13, 1), metadataPush('n'));
  assert.equal(requests, ['metadata-push n']);
  assert.equal(
    raw.take(),
    [7, 11, 13].map((id) => `ERROR ${id} 202 no lease allows this request`),
    'nobody is told of a fire-and-forget',
  );
  assertEnds(scene);
});

test('a request in fragments counts as one', () => {
  const scene = openServer({ lease: {} });
  scene.peer.grantLease({ requests: 1, ttlMs: 1_000 });
  const first = payloadFragment(1);
  feed(scene, first, payload(1, NEXT), payloadFragment(3), payload(3, NEXT));
  assert.equal(scene.requests, ['request-response 1']);
  assert.equal(scene.raw.take(), [
    'LEASE 0 1 in 1000 ms',
    'PAYLOAD 1 NC answer',
    'ERROR 3 202 no lease allows this request',
  ]);
  assertEnds(scene);
});

/** The first fragment of a request-response. */
function payloadFragment(id: number): ReturnType<typeof requestResponse> {
  return (b, o) => {
    const length = requestResponse(id)(b, o);
    b.putUint8(o + 5, FOLLOWS);
    return length;
  };
}

/** Lets time pass, with signs of life of the client. */
function letPass(scene: ServerScene, ms: number): void {
  for (let passed = 0; passed < ms; passed += 1_000) {
    scene.clock.advance(1_000);
    feed(scene, keepAlive(false));
  }
}

/** Requests that a server takes of many. */
function takenOf(scene: ServerScene, firstId: number): number {
  scene.requests.length = 0;
  for (let id = firstId; id < firstId + 80; id += 2) feed(scene, requestResponse(id));
  return scene.requests.length;
}

test('a grant is renewed by itself, and what was left of those before is allowed on top for a while', () => {
  const scene = openServer({ lease: { grant: { requests: 2, ttlMs: 1_000 } } });
  const { raw, clock, crank } = scene;
  clock.advance(3_000);
  crank.run();
  assert.equal(raw.take(), Array(4).fill('LEASE 0 2 in 1000 ms'));
  assert.is(takenOf(scene, 1), 8, 'they may all have been on their way');
  clock.advance(1_000);
  assert.is(takenOf(scene, 101), 2);
  letPass(scene, 60_000);
  const taken = takenOf(scene, 201);
  const perGrace = (2 * LEASE_GRACE_MS) / 1_000;
  assert.ok(taken >= perGrace && taken <= 2 * perGrace + 2, `${taken}`);
  assertEnds(scene);
});

test('a renewal that is late refuses nobody; a lease that ends by itself does', () => {
  const renewed = openServer({ lease: { grant: { requests: 5, ttlMs: 1_000 } } });
  renewed.clock.advance(999);
  renewed.clock.stallUnseen(700);
  feed(renewed, requestResponse(1));
  assert.equal(renewed.requests, ['request-response 1']);
  assertEnds(renewed);

  const once = openServer({ lease: {} });
  once.peer.grantLease({ requests: 5, ttlMs: 1_000 });
  once.clock.advance(999);
  feed(once, requestResponse(1));
  once.clock.advance(1);
  feed(once, requestResponse(3));
  assert.equal(once.requests, ['request-response 1']);
  once.peer.grantLease({ requests: 0, ttlMs: 1_000 });
  feed(once, requestResponse(5));
  assert.equal(once.requests, ['request-response 1']);
  once.peer.grantLease({ requests: 1, ttlMs: 1_000 });
  feed(once, requestResponse(7), requestResponse(9));
  assert.equal(once.requests, ['request-response 1', 'request-response 7']);
  assertEnds(once);
});

test('grantLease takes the place of a grant that is renewed', () => {
  const scene = openServer({ lease: { grant: { requests: 5, ttlMs: 1_000 } } });
  scene.peer.grantLease({ requests: 0, ttlMs: 500 });
  letPass(scene, 3_000);
  assert.equal(scene.raw.take(), ['LEASE 0 5 in 1000 ms', 'LEASE 0 0 in 500 ms']);
  assert.is(takenOf(scene, 1), 5, 'those that may have been on their way');
  scene.peer.grantLease({ requests: 9, ttlMs: 100_000 });
  scene.peer.grantLease({ requests: 0, ttlMs: 0 });
  letPass(scene, 2 * LEASE_GRACE_MS);
  assert.is(takenOf(scene, 101), 0);
  assertEnds(scene);
});

test('both sides have leases: the client grants after its SETUP, the server waits as well', () => {
  const scene = client({ lease: { grant: { requests: 1, ttlMs: 1_000 } } });
  assert.equal(scene.raw.take(), []);
  assertEnds(scene);
  const both = rawScene({
    firstStreamId: 1,
    clock: new HandClock(),
    setup: TIMES,
    lease: { grant: { requests: 1, ttlMs: 1_000 } },
  });
  assert.equal(both.raw.take(), ['SETUP 0 L', 'LEASE 0 1 in 1000 ms']);
  feed(both, requestResponse(2), requestResponse(4));
  assert.equal(both.raw.take(), [
    'ERROR 2 202 no handler for request-response',
    'ERROR 4 202 no lease allows this request',
  ]);
  both.peer.close();
  both.crank.run();

  const server = openServer({ lease: {} });
  assert.is(server.peer.requestResponse(text, Probe.requester()), NO_LEASE);
  feed(server, lease(1, 10));
  assert.is(server.peer.requestResponse(text, Probe.requester()), 2);
  assertEnds(server);
});

test('what cannot be granted is refused: ERR_FLYSOCKET_LEASE', () => {
  const scene = openServer({ lease: {} });
  for (const wrong of [-1, 1.5, Number.NaN, 2 ** 31]) {
    for (const grant of [
      { requests: wrong, ttlMs: 1 },
      { requests: 1, ttlMs: wrong },
    ]) {
      assert.is(
        codeOf(() => scene.peer.grantLease(grant)),
        'ERR_FLYSOCKET_LEASE',
      );
      assert.is(
        codeOf(() => openServer({ lease: { grant } })),
        'ERR_FLYSOCKET_LEASE',
      );
    }
  }
  assert.is(
    codeOf(() => openServer({ lease: { grant: { requests: 1, ttlMs: 0 } } })),
    'ERR_FLYSOCKET_LEASE',
  );
  assert.equal(scene.raw.take(), []);
  assertEnds(scene);
});

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as RSocketError).code;
  }
  return '';
}

test.run();
