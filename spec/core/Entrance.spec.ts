import type { RequestHandler, Setup } from 'flysocket/core';
import { ErrorCode, FrameFlag, FrameType, PayloadFlyweight, RSocketError } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { turns } from '../tck/until.ts';
import { payloadOf } from './RawEnd.ts';
import {
  cancel,
  completion,
  error,
  extension,
  feed,
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
  resume,
  resumeOk,
  setup,
  type WriteFrame,
  withReservedBit,
} from './rawFrames.ts';
import { assertEnds, openServer, type ServerScene, serverScene } from './serverScene.ts';

const test = suite('how a server lets a client in');

const { INVALID_SETUP, UNSUPPORTED_SETUP, REJECTED_SETUP, REJECTED_RESUME, CONNECTION_ERROR } = ErrorCode;

/** The client was told that, and nothing else; the connection has ended. */
function assertRefused(scene: ServerScene, errorCode: number, message: RegExp = /./): void {
  scene.crank.run();
  const frames = scene.raw.frames.splice(0);
  assert.equal(
    frames.map(({ type, streamId, errorCode: code }) => [type, streamId, code]),
    [[FrameType.ERROR, 0, errorCode]],
  );
  assert.match(frames[0]?.text as string, message);
  assert.is(scene.raw.closedWith.length, 1);
  assert.is(scene.raw.closedWith[0]?.errorCode, errorCode);
  assert.equal(scene.requests, []);
  assert.is(scene.accepted(), 0);
  assert.is(scene.pool.stats.inUse, 0);
  assertEnds(scene);
}

test('all that a SETUP says reaches who decides', () => {
  const message = payloadOf('data');
  message.wrapMetadata(payloadOf('metadata').dataBuffer, 0, 8);
  const options = {
    keepAliveIntervalMs: 0x7fffffff,
    maxLifetimeMs: 5,
    metadataMimeType: 'm'.repeat(255),
    dataMimeType: '',
    lease: true,
  };
  const scene = serverScene(undefined, { lease: {} });
  feed(scene, setup(options, message));
  const said = scene.setups[0] as Setup;
  assert.is(said.payload.dataUtf8(), 'data');
  assert.is(said.payload.metadataUtf8(), 'metadata');
  const { payload: _, ...fields } = said;
  assert.equal(fields, { ...options, majorVersion: 1, minorVersion: 0 });
  assert.is(scene.accepted(), 1);
  assertEnds(scene);
});

test('a SETUP without payload, lease or metadata says so', () => {
  const scene = serverScene();
  feed(scene, setup({}, new PayloadFlyweight()));
  const said = scene.setups[0] as Setup;
  assert.is(said.lease, false);
  assert.is(said.payload.data.length, 0);
  assert.is(said.payload.metadata, undefined);
  assert.is(said.metadataMimeType, 'meta/data');
  assert.is(said.dataMimeType, 'text/plain');
  assertEnds(scene);
});

test('a first frame that is anything else is refused, whatever it is', () => {
  const unlike: WriteFrame[] = [
    requestResponse(1),
    fireAndForget(1),
    requestStream(1, 1),
    requestStream(1, 0),
    requestChannel(1, 1),
    requestN(1, 1),
    cancel(1),
    payload(1, FrameFlag.NEXT),
    completion(0),
    error(1),
    error(0, CONNECTION_ERROR),
    keepAlive(true),
    lease(1, 1_000),
    metadataPush('m'),
    resumeOk,
    extension(0, FrameFlag.IGNORE),
    ofType(0x20, 0, 0),
    ofType(0x20, 0, FrameFlag.IGNORE),
    ofType(0, 0, 0),
    ofType(FrameType.SETUP, 1, 0),
    withReservedBit(setup()),
    () => 0,
    () => 5,
  ];
  for (const frame of unlike) {
    const scene = serverScene();
    feed(scene, frame);
    assert.equal(scene.setups, []);
    assertRefused(scene, INVALID_SETUP);
  }
});

test('a SETUP that is cut off or whose lengths do not fit is refused', () => {
  for (let length = 0; length < 42; length++) {
    const scene = serverScene();
    feed(scene, (b, o) => {
      const whole = setup({}, new PayloadFlyweight())(b, o);
      assert.is(whole, 39);
      if (length < whole) return length;
      // Whole, but for a metadata length that reaches beyond the end.
      b.putUint8(o + 4, 0x05);
      return length;
    });
    assert.equal(scene.setups, []);
    assertRefused(scene, INVALID_SETUP);
  }
});

test('another version, times of 0, resumption, and leases that are not there are refused', () => {
  const refused: [WriteFrame, number, RegExp][] = [
    [setup({ majorVersion: 2 }), UNSUPPORTED_SETUP, /version 2\.0/],
    [setup({ majorVersion: 0, minorVersion: 2 }), UNSUPPORTED_SETUP, /version 0\.2/],
    [setup({ minorVersion: 1 }), UNSUPPORTED_SETUP, /version 1\.1/],
    [setup({ keepAliveIntervalMs: 0 }), INVALID_SETUP, /keepAliveIntervalMs=0/],
    [setup({ maxLifetimeMs: 0 }), INVALID_SETUP, /maxLifetimeMs=0/],
    [setup({ resumeToken: new Uint8Array(3) }), REJECTED_SETUP, /resumption/],
    [setup({ lease: true }), UNSUPPORTED_SETUP, /leases/],
    [resume, REJECTED_RESUME, /resumption/],
  ];
  for (const [frame, code, message] of refused) {
    const scene = serverScene();
    feed(scene, frame);
    assert.equal(scene.setups, []);
    assertRefused(scene, code, message);
  }
});

test('who decides may throw or reject: the client is told why', async () => {
  const reasons: [unknown, number, RegExp][] = [
    [new Error('not you'), REJECTED_SETUP, /^not you$/],
    ['a text', REJECTED_SETUP, /^a text$/],
    [undefined, REJECTED_SETUP, /^undefined$/],
    [new RSocketError('ERR_X', 'no such MIME type', UNSUPPORTED_SETUP), UNSUPPORTED_SETUP, /^no such MIME type$/],
    [new RSocketError('ERR_X', 'bad data', INVALID_SETUP), INVALID_SETUP, /^bad data$/],
    [new RSocketError('ERR_X', 'other', ErrorCode.APPLICATION_ERROR), REJECTED_SETUP, /^other$/],
  ];
  for (const [reason, code, message] of reasons) {
    const throwing = serverScene(() => {
      throw reason;
    });
    feed(throwing, setup(), requestResponse(1));
    assertRefused(throwing, code, message);
    const rejecting = serverScene(() => Promise.reject(reason));
    feed(rejecting, setup(), requestResponse(1));
    assert.equal(rejecting.raw.take(), []);
    await turns(1);
    assertRefused(rejecting, code, message);
  }
});

test('what comes while a decision is awaited is held, and looked at in its order', async () => {
  let decide = (_handler: RequestHandler): void => {};
  const decision = new Promise<RequestHandler>((resolve) => {
    decide = resolve;
  });
  let handler: RequestHandler = {};
  const scene = serverScene((_setup, offered) => {
    handler = offered;
    return decision;
  });
  feed(scene, setup(), requestResponse(1), fireAndForget(3), keepAlive(true, payloadOf('alive')));
  feed(scene, requestStream(5, 7), () => 0, cancel(5), requestResponse(7));
  assert.equal(scene.requests, []);
  assert.equal(scene.raw.take(), [], 'not even a KEEPALIVE is answered');
  assert.is(scene.pool.stats.inUse, 7);
  decide(handler);
  await turns(1);
  scene.crank.run();
  assert.equal(scene.requests, ['request-response 1', 'fire-and-forget', 'request-stream 5 7']);
  assert.equal(
    scene.raw.take().map((frame) => frame.slice(0, 20)),
    ['PAYLOAD 1 NC answer', 'KEEPALIVE 0 alive', 'ERROR 0 101 frame to'],
    'the frame without a byte broke the connection, and nothing behind it was looked at',
  );
  assert.is(scene.pool.stats.inUse, 0);
  assertEnds(scene);
});

test('what is held is bounded, HELD_OVERHEAD_BYTES included: ERR_FLYSOCKET_HELD_FULL', () => {
  const never = new Promise<RequestHandler>(() => {});
  const frameLength = 10;
  const scene = serverScene(() => never, {}, { maxHeldBytes: 3 * (frameLength + 128) });
  feed(scene, setup(), requestResponse(1), requestResponse(3), requestResponse(5));
  assert.is(scene.pool.stats.inUse, 3);
  feed(scene, requestResponse(7));
  assert.is(scene.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_HELD_FULL');
  assertRefused(scene, CONNECTION_ERROR);
});

test('without a SETUP, or without a decision, the time runs out', () => {
  const silent = serverScene();
  silent.clock.advance(9_999);
  silent.crank.run();
  assert.is(silent.raw.closedWith.length, 0);
  silent.clock.advance(1);
  silent.crank.run();
  assert.is(silent.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_SETUP_TIMEOUT');
  assertRefused(silent, INVALID_SETUP, /10000 ms/);

  const short = serverScene(undefined, {}, { timeToFirstFrameMs: 5 });
  short.clock.advance(5);
  assertRefused(short, INVALID_SETUP, /5 ms/);

  const undecided = serverScene(() => new Promise<RequestHandler>(() => {}));
  undecided.clock.advance(9_000);
  feed(undecided, setup(), requestResponse(1));
  undecided.clock.advance(9_999);
  undecided.crank.run();
  assert.is(undecided.raw.closedWith.length, 0);
  undecided.clock.advance(1);
  assertRefused(undecided, REJECTED_SETUP, /10000 ms/);

  const hasty = serverScene(() => new Promise<RequestHandler>(() => {}), {}, { acceptTimeoutMs: 7 });
  feed(hasty, setup());
  hasty.clock.advance(7);
  assertRefused(hasty, REJECTED_SETUP, /7 ms/);
});

test('a decision that comes too late decides nothing', async () => {
  let decide = (_handler: RequestHandler): void => {};
  const decision = new Promise<RequestHandler>((resolve) => {
    decide = resolve;
  });
  const timedOut = serverScene(() => decision);
  feed(timedOut, setup(), requestResponse(1));
  timedOut.clock.advance(10_000);
  const closed = serverScene(() => decision);
  feed(closed, setup(), requestResponse(1));
  closed.raw.close();
  closed.crank.run();
  assert.is(closed.pool.stats.inUse, 0, 'the client left: what was held is dropped');
  decide({});
  await turns(1);
  assertRefused(timedOut, REJECTED_SETUP);
  assert.is(closed.accepted(), 0);
  assert.equal(closed.requests, []);
  assertEnds(closed);
});

test('a second SETUP is ignored; one that is malformed is a broken connection, not a refusal', () => {
  const scene = openServer();
  feed(scene, setup(), setup({ majorVersion: 7 }), requestResponse(1));
  assert.is(scene.setups.length, 1);
  assert.equal(scene.raw.take(), ['PAYLOAD 1 NC answer']);
  feed(scene, (b, o) => setup()(b, o) - 30);
  assert.match(scene.raw.take()[0] as string, /^ERROR 0 101 /);
  assertEnds(scene);
});

test('RESUME on a running connection ends it; RESUME_OK is ignored', () => {
  const scene = openServer();
  feed(scene, resumeOk, requestResponse(1), resume);
  assert.equal(
    scene.raw.take().map((frame) => frame.slice(0, 19)),
    ['PAYLOAD 1 NC answer', 'ERROR 0 101 RESUME '],
  );
  assert.is(scene.raw.closedWith[0]?.code, 'ERR_FLYSOCKET_RESUME');
  assertEnds(scene);
});

test.run();
