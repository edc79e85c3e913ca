import { DirectBuffer, ErrorFlyweight, FrameType, type RSocketError } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { setup } from '../../interop/rawFrames.ts';
import { suite } from '../../support/suite.ts';
import { turns, until } from '../../tck/until.ts';
import { type AnyFrame, type NearServer, nearServer, serialized } from './adapterKit.ts';

const test = suite('compat/rsocket-core: letting a client in');

function request(streamId: number, data: Buffer): Uint8Array {
  const frame: AnyFrame = { type: FrameType.REQUEST_RESPONSE, streamId, flags: 0, data, metadata: null };
  return serialized(frame);
}

async function ended(server: NearServer): Promise<void> {
  server.far.connection.close();
  await until(() => server.pool.stats.inUse === 0, 'all memory has come back');
  server.pool.assertQuiescent();
}

/** The code of the ERROR on stream 0 that the client was sent. */
function refusalOf({ far }: NearServer): number {
  const [error] = far.arrived;
  assert.equal([error?.type, error?.streamId], [FrameType.ERROR, 0]);
  return ErrorFlyweight.errorCode(new DirectBuffer(error?.bytes as Uint8Array), 0);
}

test('the first frame goes to the acceptor alone; the others once it has decided', async () => {
  let decide = (): void => {};
  const decided = new Promise<void>((resolve) => {
    decide = resolve;
  });
  const server = nearServer({}, () => decided);
  server.far.sendBytes(setup());
  for (let id = 1; id < 100; id += 2) server.far.sendBytes(request(id, Buffer.from(String(id))));
  await turns(5);
  assert.is(server.accepted.length, 1);
  assert.is(server.accepted[0]?.first.type, FrameType.SETUP);
  assert.is(server.accepted[0]?.first.dataMimeType, 'a/b');
  assert.is(server.streams[0]?.frames.length, 0);
  decide();
  await until(() => server.streams[0]?.frames.length === 50, 'they are delivered');
  assert.equal(
    server.streams[0]?.frames.map(({ streamId }) => streamId),
    Array.from({ length: 50 }, (_, i) => 2 * i + 1),
  );
  await ended(server);
});

test('an acceptor that rejects ends the connection with its reason', async () => {
  const no = new Error('not you');
  const server = nearServer({}, async () => {
    throw no;
  });
  server.far.sendBytes(setup());
  await until(() => server.far.closed !== undefined, 'it has ended');
  assert.equal(server.closings, [no]);
  await ended(server);
});

for (const [what, first, code] of [
  ['a SETUP that asks for resumption', setup('token'), 3],
  ['a RESUME', serialized(resume()), 4],
] as const) {
  test(`${what} is refused, and the library does not see it`, async () => {
    const server = nearServer();
    server.far.sendBytes(first);
    await until(() => server.far.closed !== undefined, 'it has ended');
    assert.is(refusalOf(server), code);
    assert.is(server.accepted.length, 0);
    assert.is(server.streams.length, 0);
    await ended(server);
  });
}

function resume(): AnyFrame {
  return {
    type: FrameType.RESUME,
    streamId: 0,
    flags: 0,
    majorVersion: 1,
    minorVersion: 0,
    resumeToken: Buffer.from('token'),
    serverPosition: 0,
    clientPosition: 0,
  };
}

test('a client that says nothing is told so, in time', async () => {
  const server = nearServer({ timeToFirstFrameMs: 10 });
  await until(() => server.far.closed !== undefined, 'it has ended');
  assert.is(refusalOf(server), 1);
  await ended(server);
});

test('an acceptor that never decides is not waited for', async () => {
  const server = nearServer({ acceptTimeoutMs: 10 }, () => new Promise(() => {}));
  server.far.sendBytes(setup());
  await until(() => server.far.closed !== undefined, 'it has ended');
  assert.is(refusalOf(server), 3);
  assert.is((server.closings[0] as RSocketError).code, 'ERR_FLYSOCKET_REJECTED_SETUP');
  await ended(server);
});

test('more frames than may be held end the connection', async () => {
  const server = nearServer({ maxHeldBytes: 10_000 }, () => new Promise(() => {}));
  server.far.sendBytes(setup());
  for (let id = 1; id < 30; id += 2) server.far.sendBytes(request(id, Buffer.alloc(1_000)));
  await until(() => server.far.closed !== undefined, 'it has ended');
  assert.is((server.closings[0] as RSocketError).code, 'ERR_FLYSOCKET_HELD_FULL');
  assert.is(refusalOf(server), 0x101);
  await ended(server);
});

test('a first frame that is malformed is refused', async () => {
  const server = nearServer();
  server.far.sendBytes(setup().subarray(0, 12));
  await until(() => server.far.closed !== undefined, 'it has ended');
  assert.is(refusalOf(server), 1);
  assert.is(server.accepted.length, 0);
  await ended(server);
});

test.run();
