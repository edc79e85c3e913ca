import {
  connectPeer,
  MAX_PENDING_REQUESTS,
  type Payload,
  type RSocketPeer,
  type RSocketPeerOptions,
} from 'flysocket/core';
import { ErrorCode, FrameFlag, type RSocketError } from 'flysocket/flyweight';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandClock } from '../tck/HandClock.ts';
import { HandCrank } from '../tck/HandCrank.ts';
import { turns } from '../tck/until.ts';
import { RawEnd } from './RawEnd.ts';
import { error, lease, payload } from './rawFrames.ts';

const test = suite('requests that wait for a lease');

const { NEXT, COMPLETE } = FrameFlag;
const TIMES = { keepAliveIntervalMs: 100_000, maxLifetimeMs: 400_000 };

interface HighScene {
  readonly peer: RSocketPeer;
  readonly raw: RawEnd;
  readonly crank: HandCrank;
  readonly clock: HandClock;
}

/** A high-level client that asks for leases. */
function highClient(options: Partial<RSocketPeerOptions>): HighScene {
  const crank = new HandCrank();
  const clock = new HandClock();
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const raw = new RawEnd(left);
  const peer = connectPeer(right, { clock, setup: TIMES, lease: {}, ...options });
  crank.run();
  raw.take();
  return { peer, raw, crank, clock };
}

/** What became of a request: its answer, the code of its error, or that nothing has yet. */
async function fateOf(request: Promise<unknown>): Promise<string> {
  const fate = request.then(
    (got) => (got as Payload | undefined)?.dataUtf8() ?? 'sent',
    (error: RSocketError) => error.code,
  );
  await turns(1);
  return Promise.race([fate, Promise.resolve('pending')]);
}

test('requests wait for a lease in their order, as many as maxPendingRequests', async () => {
  const { peer, raw, crank } = highClient({ lease: { maxPendingRequests: 3 } });
  const waiting = [peer.requestResponse('1'), peer.fireAndForget('2'), peer.requestResponse('3')];
  const stream = peer.requestStream('4')[Symbol.asyncIterator]();
  assert.is(await fateOf(stream.next()), 'ERR_FLYSOCKET_NO_LEASE');
  assert.is(await fateOf(peer.requestResponse('5')), 'ERR_FLYSOCKET_NO_LEASE');
  for (const request of waiting) assert.is(await fateOf(request), 'pending');
  raw.send(lease(2, 1_000));
  crank.run();
  assert.equal(raw.take(), ['REQUEST_RESPONSE 1 1', 'REQUEST_FNF 3 2']);
  raw.send(payload(1, NEXT | COMPLETE));
  raw.send(lease(5, 1_000));
  crank.run();
  assert.equal(raw.take(), ['REQUEST_RESPONSE 5 3']);
  assert.is(await fateOf(waiting[0] as Promise<unknown>), 'text');
  assert.is(await fateOf(waiting[1] as Promise<unknown>), 'sent');
  peer.destroy();
  crank.run();
  assert.is(await fateOf(waiting[2] as Promise<unknown>), 'ERR_FLYSOCKET_CONNECTION_CLOSED');
});

test('with maxPendingRequests 0 they fail at once; by default MAX_PENDING_REQUESTS wait', async () => {
  const impatient = highClient({ lease: { maxPendingRequests: 0 } });
  assert.is(await fateOf(impatient.peer.requestResponse('q')), 'ERR_FLYSOCKET_NO_LEASE');
  impatient.raw.send(lease(1, 1_000));
  impatient.crank.run();
  assert.is(await fateOf(impatient.peer.fireAndForget('q')), 'sent');
  assert.is(await fateOf(impatient.peer.fireAndForget('q')), 'ERR_FLYSOCKET_NO_LEASE');

  const patient = highClient({});
  const waiting = Array.from({ length: MAX_PENDING_REQUESTS }, () => patient.peer.fireAndForget('q'));
  assert.is(await fateOf(patient.peer.fireAndForget('q')), 'ERR_FLYSOCKET_NO_LEASE');
  const fates = Promise.allSettled(waiting);
  patient.peer.destroy();
  patient.crank.run();
  assert.is((await fates).filter(({ status }) => status === 'rejected').length, MAX_PENDING_REQUESTS);
});

test('who waits for a lease can give up, and goes with the connection', async () => {
  const { peer, raw, crank } = highClient({});
  const controller = new AbortController();
  const aborted = peer.requestResponse('1', { signal: controller.signal });
  const closing = peer.requestResponse('2');
  controller.abort(Object.assign(new Error(), { code: 'gave up' }));
  assert.is(await fateOf(aborted), 'gave up');
  raw.send(lease(1, 1_000));
  crank.run();
  assert.equal(raw.take(), ['REQUEST_RESPONSE 1 2'], 'it takes no permit');
  const late = peer.requestResponse('3');
  const closed = peer.close();
  crank.run();
  assert.is(await fateOf(late), 'ERR_FLYSOCKET_CONNECTION_CLOSED', 'no lease can help it any more');
  assert.is(await fateOf(closing), 'pending');
  raw.send(payload(1, NEXT | COMPLETE));
  crank.run();
  assert.is(await fateOf(closing), 'text');
  crank.run();
  await closed;
});

test('a server that is rejected for want of a lease is told so by the error', async () => {
  const { peer, raw, crank } = highClient({});
  raw.send(lease(1, 1_000));
  crank.run();
  const request = peer.requestResponse('1');
  crank.run();
  raw.send(error(1, ErrorCode.REJECTED));
  crank.run();
  assert.is(await fateOf(request), 'ERR_FLYSOCKET_REJECTED');
  peer.destroy();
  crank.run();
});

test.run();
