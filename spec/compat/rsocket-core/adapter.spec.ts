import {
  encodeExt,
  encodeKeepAlive,
  encodeMetadataPush,
  encodePayload,
  encodeRequestStream,
  lengthOfExt,
  lengthOfKeepAlive,
  lengthOfMetadataPush,
  lengthOfPayload,
  lengthOfRequest,
} from 'flysocket/codec';
import {
  DirectBuffer,
  EMPTY_BUFFER,
  ErrorFlyweight,
  FrameFlag,
  FrameHeaderFlyweight,
  FrameType,
  PayloadFlyweight,
  type RSocketError,
} from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { bytesOf } from '../../tck/samplePayloads.ts';
import { turn, until } from '../../tck/until.ts';
import { type AnyFrame, deserialized, endOf, type NearEnd, nearClient, nextOf, serialized } from './adapterKit.ts';

const test = suite('compat/rsocket-core: the adapter');
const CANCEL_1: AnyFrame = { type: FrameType.CANCEL, streamId: 1, flags: 0 };
const { NEXT, COMPLETE, METADATA, FOLLOWS, IGNORE, RESPOND } = FrameFlag;

function payloadOf(data: Uint8Array, metadata?: Uint8Array): PayloadFlyweight {
  const payload = new PayloadFlyweight().wrapData(new DirectBuffer(data), 0, data.length);
  return metadata === undefined ? payload : payload.wrapMetadata(new DirectBuffer(metadata), 0, metadata.length);
}

/** Frames of every type that the library sends, and its serializer knows. */
const SENT: AnyFrame[] = [
  {
    type: FrameType.REQUEST_RESPONSE,
    streamId: 1,
    flags: METADATA,
    data: Buffer.from('d'),
    metadata: Buffer.from('m'),
  },
  { type: FrameType.REQUEST_FNF, streamId: 3, flags: 0, data: Buffer.from('data'), metadata: undefined },
  {
    type: FrameType.REQUEST_STREAM,
    streamId: 5,
    flags: 0,
    requestN: 0x7fffffff,
    data: Buffer.from('d'),
    metadata: null,
  },
  {
    type: FrameType.REQUEST_CHANNEL,
    streamId: 7,
    flags: COMPLETE | METADATA,
    requestN: 1,
    data: undefined,
    metadata: Buffer.from(bytesOf(1, 3000)),
  },
  {
    type: FrameType.REQUEST_CHANNEL,
    streamId: 7,
    flags: FOLLOWS,
    requestN: 1,
    data: Buffer.alloc(100),
    metadata: null,
  },
  { type: FrameType.REQUEST_N, streamId: 5, flags: 0, requestN: 17 },
  { type: FrameType.CANCEL, streamId: 5, flags: 0 },
  { type: FrameType.PAYLOAD, streamId: 2, flags: NEXT, data: Buffer.alloc(0), metadata: null },
  { type: FrameType.PAYLOAD, streamId: 2, flags: NEXT | METADATA, data: Buffer.from('d'), metadata: Buffer.alloc(0) },
  { type: FrameType.PAYLOAD, streamId: 2, flags: COMPLETE, data: null, metadata: null },
  { type: FrameType.ERROR, streamId: 2, flags: 0, code: 0xfffffffe, message: 'no, 日本語' },
  { type: FrameType.ERROR, streamId: 0, flags: 0, code: 3, message: '' },
  { type: FrameType.KEEPALIVE, streamId: 0, flags: RESPOND, data: undefined, lastReceivedPosition: 0 },
  { type: FrameType.KEEPALIVE, streamId: 0, flags: 0, data: Buffer.from('ping'), lastReceivedPosition: 2 ** 40 + 1 },
  { type: FrameType.LEASE, streamId: 0, flags: 0, ttl: 1000, requestCount: 5, metadata: null },
  {
    type: FrameType.SETUP,
    streamId: 0,
    flags: METADATA | FrameFlag.LEASE,
    majorVersion: 1,
    minorVersion: 0,
    keepAlive: 60_000,
    lifetime: 300_000,
    metadataMimeType: 'text/plain',
    dataMimeType: 'application/json',
    metadata: Buffer.from('m'),
    data: Buffer.from('{}'),
    resumeToken: null,
  },
];

test('writes every frame to the byte as the library does, whatever flags it has set', async () => {
  const near = nearClient();
  for (const frame of SENT) near.connection.send(frame);
  await until(() => near.far.arrived.length === SENT.length, 'all have come');
  SENT.forEach((frame, i) => {
    assert.equal(Buffer.from(near.far.arrived[i]?.bytes as Uint8Array), serialized(frame), `frame ${i}`);
  });
  await endOf(near);
});

test('reads every frame as the library does, but for what that gets wrong', async () => {
  const near = nearClient();
  await turn();
  const sent = SENT.filter(({ type, flags }) => type !== FrameType.SETUP && (flags & FOLLOWS) === 0);
  for (const frame of sent) near.far.sendBytes(serialized(frame));
  await until(() => near.streams.frames.length === sent.length, 'all have come');
  sent.forEach((frame, i) => {
    const theirs: AnyFrame = deserialized(serialized(frame));
    const ours = near.streams.frames[i];
    if (frame.type === FrameType.ERROR) theirs.code = (theirs.code as number) >>> 0;
    // Empty data of an item, and empty metadata, are bytes and not nothing.
    const hasItem = theirs.type !== FrameType.PAYLOAD || (theirs.flags & NEXT) !== 0;
    if ('data' in theirs && theirs.type !== FrameType.KEEPALIVE && hasItem) theirs.data ??= Buffer.alloc(0);
    if ((theirs.flags & METADATA) !== 0) theirs.metadata ??= Buffer.alloc(0);
    assert.equal({ ...ours }, { ...theirs }, `frame ${i}`);
  });
  await endOf(near);
});

test('bytes that were delivered are the receiver’s for good, each exactly as long as it is', async () => {
  const near = nearClient();
  await turn();
  const sent = Array.from({ length: 300 }, (_, i) => ({ data: bytesOf(i, i * 7), metadata: bytesOf(i + 1, i) }));
  for (const { data, metadata } of sent) {
    const payload = payloadOf(data, metadata);
    near.far.send(lengthOfPayload(payload), (buffer, index) => encodePayload(buffer, index, 1, NEXT, payload));
    await turn();
  }
  await until(() => near.streams.frames.length === sent.length, 'all have come');
  sent.forEach(({ data, metadata }, i) => {
    const frame = near.streams.frames[i] as AnyFrame;
    assert.ok(Buffer.isBuffer(frame.data) && Buffer.isBuffer(frame.metadata));
    assert.equal(frame.data, Buffer.from(data));
    assert.equal(frame.metadata, Buffer.from(metadata));
  });
  await endOf(near);
});

test('nothing is delivered in the turn in which a client gets its connection', async () => {
  const near = nearClient();
  near.far.send(lengthOfKeepAlive(0), (buffer, index) => encodeKeepAlive(buffer, index, true, 0, EMPTY_BUFFER, 0, 0));
  for (let i = 0; i < 20; i++) await Promise.resolve();
  assert.is(near.streams.frames.length, 0);
  await until(() => near.streams.frames.length === 1, 'it is delivered');
  await endOf(near);
});

test('EXT goes both ways; one of the connection that may be ignored is', async () => {
  const near = nearClient();
  await turn();
  const extendedContent = Buffer.from('more');
  near.connection.send({
    type: FrameType.EXT,
    streamId: 1,
    flags: IGNORE,
    extendedType: 7,
    extendedContent,
  });
  near.connection.send({ type: FrameType.EXT, streamId: 1, flags: 0, extendedType: 8 });
  await until(() => near.far.arrived.length === 2, 'they have come');
  assert.equal(
    near.far.arrived.map(({ type, flags }) => [type, flags]),
    [
      [FrameType.EXT, IGNORE],
      [FrameType.EXT, 0],
    ],
  );
  const content = new DirectBuffer(Uint8Array.of(1, 2, 3));
  const ext = (streamId: number, flags: number): void => {
    near.far.send(lengthOfExt(3), (buffer, index) => encodeExt(buffer, index, streamId, flags, 9, content, 0, 3));
  };
  ext(0, IGNORE);
  ext(0, 0);
  ext(1, IGNORE);
  await until(() => near.streams.frames.length === 2, 'they have come');
  const received = near.streams.frames.map(({ streamId, extendedType }) => [streamId, extendedType]);
  assert.equal(received, [
    [0, 9],
    [1, 9],
  ]);
  assert.equal(near.streams.frames[1]?.extendedContent, Buffer.from([1, 2, 3]));
  await endOf(near);
});

test('METADATA_PUSH arrives with its metadata', async () => {
  const near = nearClient();
  await turn();
  const payload = payloadOf(new Uint8Array(0), Uint8Array.of(7, 8));
  near.far.send(lengthOfMetadataPush(payload), (buffer, index) => encodeMetadataPush(buffer, index, payload));
  await until(() => near.streams.frames.length === 1, 'it has come');
  assert.equal(near.streams.frames[0]?.metadata, Buffer.from([7, 8]));
  await endOf(near);
});

for (const [what, code, bytes] of [
  ['metadata beyond its frame', 'ERR_FLYSOCKET_METADATA_LENGTH', [0, 0, 0, 1, 0x29, 0x20, 0, 0, 9, 1]],
  ['a stream id with its top bit', 'ERR_FLYSOCKET_STREAM_ID', [0x80, 0, 0, 1, 0x28, 0x20]],
  ['a frame that is too short', 'ERR_FLYSOCKET_FRAME_TOO_SHORT', [0, 0, 0, 0, 0x0c]],
  ['an unknown type', 'ERR_FLYSOCKET_FRAME_TYPE', [0, 0, 0, 1, 0xc0, 0]],
] as const) {
  test(`${what} ends the connection, and the peer is told`, async () => {
    const near = nearClient();
    await turn();
    near.far.sendBytes(Uint8Array.from(bytes));
    await until(() => near.closings.length === 1 && near.far.closed !== undefined, 'it has ended');
    assert.is((near.closings[0] as RSocketError).code, code);
    assert.is(near.streams.frames.length, 0);
    const [error] = near.far.arrived;
    assert.equal([error?.type, error?.streamId], [FrameType.ERROR, 0]);
    assert.is(ErrorFlyweight.errorCode(new DirectBuffer(error?.bytes as Uint8Array), 0), 0x101);
    await endOf(near);
  });
}

test('a request for no items is answered with INVALID, and the connection goes on', async () => {
  const near = nearClient();
  await turn();
  const payload = payloadOf(Uint8Array.of(1));
  near.far.send(lengthOfRequest(FrameType.REQUEST_STREAM, payload), (buffer, index) => {
    encodeRequestStream(buffer, index, 2, 0, payload);
  });
  await until(() => near.far.arrived.length === 1, 'it is answered');
  assert.match(near.far.arrived[0]?.text as string, 'ERROR');
  assert.is(near.far.arrived[0]?.streamId, 2);
  assert.is(near.connection.availability, 1);
  await endOf(near);
});

test('what is longer than the longest frame goes in fragments, and comes back whole', async () => {
  const near = nearClient({}, { capacity: 4_096 });
  await turn();
  const data = Buffer.from(bytesOf(1, 100_000));
  const metadata = Buffer.from(bytesOf(2, 20_000));
  const request = { type: FrameType.REQUEST_STREAM, streamId: 1, flags: METADATA, requestN: 9, data, metadata };
  near.connection.send(request);
  near.connection.send({ type: FrameType.REQUEST_N, streamId: 1, flags: 0, requestN: 3 });
  await until(() => near.far.arrived.at(-1)?.type === FrameType.REQUEST_N, 'all have come');
  const fragments = near.far.arrived.slice(0, -1);
  assert.ok(fragments.length > 25);
  assert.is(fragments[0]?.type, FrameType.REQUEST_STREAM);
  assert.ok(fragments.slice(0, -1).every(({ flags }) => (flags & FOLLOWS) !== 0));
  assert.is((fragments.at(-1)?.flags ?? 0) & FOLLOWS, 0);
  // The same fragments, sent back, are one frame.
  for (const { bytes } of fragments) {
    FrameHeaderFlyweight.putStreamId(new DirectBuffer(bytes), 0, 2);
    near.far.sendBytes(bytes);
    await turn();
  }
  await until(() => near.streams.frames.length === 1, 'it is whole');
  const { type, flags, streamId, requestN, ...bodies } = near.streams.frames[0] as AnyFrame;
  assert.equal([type, flags, streamId, requestN], [FrameType.REQUEST_STREAM, METADATA, 2, 9]);
  assert.equal(bodies, { data, metadata });
  await endOf(near);
});

test('a fragment of the library’s own that has to be cut still says that more follow', async () => {
  const near = nearClient({}, { capacity: 4_096 });
  const data = Buffer.alloc(10_000);
  near.connection.send({ type: FrameType.REQUEST_FNF, streamId: 1, flags: FOLLOWS, data });
  near.connection.send(nextOf(1, Buffer.from('end')));
  await until(() => near.far.arrived.at(-1)?.bytes.length === 9, 'all have come');
  assert.ok(near.far.arrived.slice(0, -1).every(({ flags }) => (flags & FOLLOWS) !== 0));
  assert.is((near.far.arrived.at(-1)?.flags ?? 0) & FOLLOWS, 0);
  await endOf(near);
});

test('a payload in fragments beyond its bound fails its stream alone', async () => {
  const near = nearClient({ maxPayloadLength: 1_000 });
  await turn();
  const payload = payloadOf(new Uint8Array(600));
  const fragment = (streamId: number): void => {
    near.far.send(lengthOfPayload(payload), (buffer, index) => {
      encodePayload(buffer, index, streamId, NEXT | FOLLOWS, payload);
    });
  };
  for (const streamId of [1, 1, 2, 2]) fragment(streamId);
  await until(() => near.streams.frames.length === 2 && near.far.arrived.length === 2, 'both have failed');
  for (const frame of near.streams.frames) assert.is(frame.type, FrameType.ERROR);
  // The requester of stream 1 gives it up; of stream 2, the requester is told.
  assert.equal(
    near.far.arrived.map(({ type, streamId }) => [type, streamId]),
    [
      [FrameType.CANCEL, 1],
      [FrameType.ERROR, 2],
    ],
  );
  assert.is(near.connection.availability, 1);
  await endOf(near);
});

for (const [what, end] of [
  ['a CANCEL that comes', (near: NearEnd) => near.far.sendBytes(serialized({ ...CANCEL_1 }))],
  ['a CANCEL that is sent', (near: NearEnd) => near.connection.send({ ...CANCEL_1 })],
] as const) {
  test(`${what} gives the memory of an unfinished payload back`, async () => {
    const near = nearClient();
    await turn();
    const payload = payloadOf(new Uint8Array(600));
    near.far.send(lengthOfPayload(payload), (buffer, index) => {
      encodePayload(buffer, index, 1, NEXT | FOLLOWS, payload);
    });
    await until(() => near.pool.stats.inUse === 1, 'it is kept');
    end(near);
    await until(() => near.pool.stats.inUse === 0, 'it is not');
    await endOf(near);
  });
}

test('a frame that cannot be written is its sender’s mistake, and nothing is sent of it', async () => {
  const near = nearClient({}, { capacity: 1_024 });
  assert.throws(
    () => near.connection.send({ ...nextOf(1, Buffer.alloc(0)), data: 'text' as never }),
    /are Buffers, not string/,
  );
  const long = { type: FrameType.KEEPALIVE, streamId: 0, flags: 0, lastReceivedPosition: 0, data: Buffer.alloc(2_000) };
  const isTooLong = (error: RSocketError): boolean => error.code === 'ERR_FLYSOCKET_FRAME_TOO_LONG';
  assert.throws(() => near.connection.send(long), isTooLong);
  // An error has to arrive, if shortened.
  const error = { type: FrameType.ERROR, streamId: 1, flags: 0, code: 0x201, message: 'long '.repeat(1_000) };
  near.connection.send(error);
  await until(() => near.far.arrived.length === 1, 'it has come');
  assert.is(near.far.arrived[0]?.type, FrameType.ERROR);
  // Without its SETUP there is no connection.
  assert.throws(() => near.connection.send({ ...(SENT.at(-1) as AnyFrame), dataMimeType: 'ä' }));
  assert.is(near.closings.length, 1);
  await endOf(near);
});

test.run();
