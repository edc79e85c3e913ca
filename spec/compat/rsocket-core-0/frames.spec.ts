/** Frames on the wire: what rsocket-core 0.0.27 writes and reads itself, but for its mistakes. */

import { encodeExt, encodeRequestN, Fragmenter } from 'flysocket/codec';
import { type Frame, RSocketTcpClient } from 'flysocket/compat/rsocket-core-0';
import { DirectBuffer, EMPTY_BUFFER, FrameFlag, FrameType, PayloadFlyweight } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { frame as bytesOfFrame, withLengths } from '../../interop/rawFrames.ts';
import { suite } from '../../support/suite.ts';
import { until } from '../../tck/until.ts';
import { bufferEncoders, poolsAreQuiescent } from './flysocket0.ts';
import { framing0, RawPeer } from './RawPeer.ts';

const { METADATA, NEXT, COMPLETE, FOLLOWS, LEASE, RESPOND, RESUME, IGNORE } = FrameFlag;

const test = suite('frames of rsocket-js 0.0.27 on our connections');

interface Wire {
  readonly client: RSocketTcpClient;
  readonly peer: RawPeer;
  readonly received: Frame[];
  readonly statuses: string[];
  readonly errors: Error[];
}

/** Runs `body` with a client that is connected, and what stands opposite. */
async function withWire(
  encoders: ConstructorParameters<typeof RSocketTcpClient>[1],
  body: (wire: Wire) => Promise<void>,
  options: object = {},
): Promise<void> {
  const peer = await RawPeer.listening();
  const client = new RSocketTcpClient({ host: '127.0.0.1', port: peer.port, ...options }, encoders);
  const wire: Wire = { client, peer, received: [], statuses: [], errors: [] };
  client.connectionStatus().subscribe((status) => {
    wire.statuses.push(status.kind);
    if (status.kind === 'ERROR') wire.errors.push(status.error);
  });
  client.connect();
  await until(() => wire.statuses.includes('CONNECTED'), 'it is connected');
  client.receive().subscribe((frame) => wire.received.push(frame));
  await peer.connected();
  try {
    await body(wire);
  } finally {
    client.close();
    peer.close();
  }
  await poolsAreQuiescent();
}

const SETUP: Frame = {
  type: FrameType.SETUP,
  streamId: 0,
  flags: 0,
  data: null,
  metadata: undefined,
  keepAlive: 1000,
  lifetime: 10_000,
  dataMimeType: 'text/plain',
  metadataMimeType: 'a/b',
  majorVersion: 1,
  minorVersion: 0,
  resumeToken: null,
};

/** All types, with parts as `part` makes them of text. The first is the SETUP, which has to be. */
function framesOf(part: (text: string) => unknown): Frame[] {
  const stream = { streamId: 7, flags: 0, data: null, metadata: undefined };
  const data = part('data: ünd 日本 🦊');
  const metadata = part('metadata');
  return [
    { ...SETUP, flags: METADATA | LEASE, data, metadata },
    { ...SETUP, flags: RESUME, resumeToken: part('token') },
    { ...SETUP, data: part(''), dataMimeType: '', metadataMimeType: undefined },
    { ...stream, type: FrameType.REQUEST_RESPONSE, data },
    { ...stream, type: FrameType.REQUEST_RESPONSE, flags: METADATA, data, metadata },
    { ...stream, type: FrameType.REQUEST_RESPONSE, flags: METADATA, data: undefined, metadata: null },
    { ...stream, type: FrameType.REQUEST_FNF, flags: METADATA, metadata },
    { ...stream, type: FrameType.REQUEST_STREAM, requestN: 0x7fffffff, data },
    { ...stream, type: FrameType.REQUEST_CHANNEL, requestN: 1, flags: METADATA, data, metadata },
    { ...stream, type: FrameType.REQUEST_CHANNEL, requestN: 5, flags: COMPLETE, data },
    { ...stream, type: FrameType.PAYLOAD, flags: NEXT, data },
    { ...stream, type: FrameType.PAYLOAD, flags: NEXT | COMPLETE | METADATA, data, metadata },
    { ...stream, type: FrameType.PAYLOAD, flags: COMPLETE, metadata: null },
    { ...stream, type: FrameType.PAYLOAD, flags: NEXT | METADATA, data: part('d'.repeat(70_000)), metadata },
    { streamId: 7, flags: 0, type: FrameType.REQUEST_N, requestN: 3 },
    { streamId: 7, flags: 0, type: FrameType.CANCEL },
    { streamId: 7, flags: 0, type: FrameType.ERROR, code: 0x201, message: 'no, ünd' },
    { streamId: 0, flags: 0, type: FrameType.ERROR, code: 0x101, message: '' },
    { streamId: 0, flags: RESPOND, type: FrameType.KEEPALIVE, data: null, lastReceivedPosition: 0 },
    { streamId: 0, flags: 0, type: FrameType.KEEPALIVE, data, lastReceivedPosition: 2 ** 40 + 5 },
    { streamId: 0, flags: 0, type: FrameType.LEASE, ttl: 1000, requestCount: 7, metadata: undefined },
    { streamId: 0, flags: METADATA, type: FrameType.LEASE, ttl: 1000, requestCount: 7, metadata },
    { streamId: 0, flags: METADATA, type: FrameType.METADATA_PUSH, metadata },
    {
      streamId: 0,
      flags: 0,
      type: FrameType.RESUME,
      majorVersion: 1,
      minorVersion: 0,
      resumeToken: part('token'),
      serverPosition: 2 ** 33,
      clientPosition: 5,
    },
    { streamId: 0, flags: 0, type: FrameType.RESUME_OK, clientPosition: 2 ** 41 },
  ];
}

const KINDS = [
  { name: 'BufferEncoders', encoders: bufferEncoders, part: (text: string) => Buffer.from(text) },
  { name: 'no encoders', encoders: undefined, part: (text: string) => text },
];

for (const { name, encoders, part } of KINDS) {
  test(`sent frames of every type have the bytes that rsocket-core gives them: ${name}`, () =>
    withWire(encoders, async ({ client, peer }) => {
      const frames = framesOf(part);
      for (const frame of frames) client.sendOne(frame);
      const sent = await peer.received(frames.length);
      frames.forEach((frame, i) => {
        assert.is(sent[i]?.toString('hex'), framing0.serializeFrame(frame, encoders).toString('hex'), `frame ${i}`);
      });
    }));

  test(`received frames of every type are the objects that rsocket-core makes of them: ${name}`, () =>
    withWire(encoders, async ({ peer, received }) => {
      const frames = framesOf(part);
      for (const frame of frames) peer.send(frame, encoders);
      await until(() => received.length === frames.length, 'all have come');
      frames.forEach((frame, i) => {
        const expected = framing0.deserializeFrame(framing0.serializeFrame(frame, encoders), encoders);
        assert.equal(received[i], expected, `frame ${i}`);
        assert.ok((received[i]?.length as number) > 0);
      });
    }));
}

test('encoders of a user are asked, for each part', () => {
  const json = {
    byteLength: (value: unknown) => Buffer.byteLength(JSON.stringify(value)),
    encode: (value: unknown, buffer: Buffer, start: number, end: number) => {
      buffer.write(JSON.stringify(value), start, end - start);
      return end;
    },
    decode: (buffer: Buffer, start: number, end: number) => JSON.parse(buffer.toString('utf8', start, end)),
  };
  const encoders = { ...(bufferEncoders as object), data: json, metadata: json } as typeof bufferEncoders;
  return withWire(encoders, async ({ client, peer, received }) => {
    const frame: Frame = {
      type: FrameType.REQUEST_RESPONSE,
      streamId: 1,
      flags: METADATA,
      data: { a: [1, 'ü'] },
      metadata: ['m'],
    };
    client.sendOne(frame);
    const [sent] = await peer.received(1);
    assert.equal(sent, framing0.serializeFrame(frame, encoders));
    peer.send(frame, encoders);
    await until(() => received.length === 1, 'it has come');
    assert.equal(received[0]?.data, frame.data);
    assert.equal(received[0]?.metadata, frame.metadata);
  });
});

test('Buffers that have come are of exactly their length, and nobody else writes there', () =>
  withWire(bufferEncoders, async ({ peer, received }) => {
    for (const fill of ['a', 'b']) {
      peer.send({ type: FrameType.PAYLOAD, streamId: 1, flags: NEXT, data: Buffer.alloc(300, fill) }, bufferEncoders);
    }
    await until(() => received.length === 2, 'both have come');
    assert.equal(received[0]?.data, Buffer.alloc(300, 'a'));
    assert.equal(received[1]?.data, Buffer.alloc(300, 'b'));
  }));

test('metadata that rsocket-core loses on the wire goes along', () =>
  withWire(undefined, async ({ client, peer }) => {
    client.sendOne({ type: FrameType.REQUEST_FNF, streamId: 1, flags: 0, data: 'begins' });
    client.sendOne({ type: FrameType.PAYLOAD, streamId: 2, flags: NEXT | COMPLETE, data: 'd', metadata: 'm' });
    client.sendOne({ type: FrameType.METADATA_PUSH, streamId: 0, flags: 0, metadata: 'm' });
    const [, answer, push] = (await peer.received(3)).map((bytes) => framing0.deserializeFrame(bytes));
    assert.is(answer?.metadata, 'm');
    assert.is(answer?.data, 'd');
    assert.is((push?.flags as number) & METADATA, METADATA);
  }));

test('what is longer than a frame goes in fragments, and what comes in fragments is whole', () =>
  withWire(
    undefined,
    async ({ client, peer, received }) => {
      const data = '日🦊ü'.repeat(1000);
      const metadata = 'ключ'.repeat(300);
      const flags = METADATA;
      const sent: Frame = { type: FrameType.REQUEST_STREAM, streamId: 1, flags, requestN: 5, data, metadata };
      client.sendOne(sent);
      client.sendOne({ type: FrameType.CANCEL, streamId: 1, flags: 0 });
      await until(() => peer.frames.at(-1)?.readUInt16BE(4) === FrameType.CANCEL << 10, 'the last frame has come');
      const fragments = peer.frames.slice(0, -1);
      assert.ok(fragments.length >= 5);
      fragments.forEach((bytes, i) => {
        assert.ok(bytes.length <= 2048);
        assert.is(bytes.readUInt16BE(4) & FOLLOWS, i === fragments.length - 1 ? 0 : FOLLOWS);
        assert.is(bytes.readUInt16BE(4) >>> 10, i === 0 ? FrameType.REQUEST_STREAM : FrameType.PAYLOAD);
      });
      // The very bytes come back, frames of another stream in between.
      for (const bytes of fragments) {
        peer.write(withLengths([bytes]));
        peer.send({ type: FrameType.REQUEST_N, streamId: 3, flags: 0, requestN: 1 });
      }
      await until(() => received.length === fragments.length + 1, 'all have come');
      const whole = received.find(({ type }) => type === FrameType.REQUEST_STREAM);
      assert.is(whole?.data, data);
      assert.is(whole?.metadata, metadata);
      assert.is(whole?.requestN, 5);
      assert.is(whole?.flags, METADATA);
    },
    { maxFrameLength: 2048 },
  ));

test('a payload whose fragments break the rules ends its stream alone, on both sides', () =>
  withWire(undefined, async ({ client, peer, received, statuses }) => {
    const payload = new PayloadFlyweight().wrapData(new DirectBuffer(new Uint8Array(1000)), 0, 1000);
    const fragmenter = new Fragmenter();
    client.sendOne({ type: FrameType.REQUEST_RESPONSE, streamId: 1, flags: 0, data: 'asks' });
    fragmenter.start(FrameType.PAYLOAD, 1, NEXT | COMPLETE, 0, payload, 64);
    const first = bytesOfFrame((buffer) => fragmenter.encodeNext(buffer, 0));
    // In the midst of a payload no fragment is as short as that.
    const short = Uint8Array.from([...first.slice(0, 6), 1, 2, 3]);
    peer.write(withLengths([first, short]));
    const [, cancel] = await peer.received(2);
    assert.equal(framing0.deserializeFrame(cancel as Buffer), {
      type: FrameType.CANCEL,
      streamId: 1,
      flags: 0,
      length: 6,
    });
    await until(() => received.length === 1, 'the asker is told');
    assert.is(received[0]?.type, FrameType.ERROR);
    assert.is(received[0]?.code, 0x204);
    assert.is(statuses.at(-1), 'CONNECTED');
  }));

test('EXT that may be ignored is ignored; one that may not is CONNECTION_ERROR', () =>
  withWire(undefined, async ({ peer, received, errors }) => {
    const ext = (flags: number): Uint8Array =>
      bytesOfFrame((buffer) => encodeExt(buffer, 0, 0, flags, 1, EMPTY_BUFFER, 0, 0));
    peer.write(withLengths([ext(IGNORE)]));
    peer.send({ type: FrameType.REQUEST_N, streamId: 1, flags: 0, requestN: 1 });
    await until(() => received.length === 1, 'what follows has come');
    assert.is(received[0]?.type, FrameType.REQUEST_N);
    peer.write(withLengths([ext(0)]));
    await until(() => errors.length === 1, 'it has ended');
    assert.is((errors[0] as { code?: string }).code, 'ERR_FLYSOCKET_FRAME_TYPE');
    const [error] = await peer.received(1);
    assert.is(framing0.deserializeFrame(error as Buffer).code, 0x101);
  }));

test('a frame that ends too early is CONNECTION_ERROR, for both sides', () =>
  withWire(undefined, async ({ peer, errors }) => {
    peer.write(withLengths([Uint8Array.from([0, 0, 0, 1, FrameType.REQUEST_N << 2, 0, 0])]));
    await until(() => errors.length === 1, 'it has ended');
    assert.is((errors[0] as { code?: string }).code, 'ERR_FLYSOCKET_FRAME_TOO_SHORT');
    const [error] = await peer.received(1);
    assert.is(framing0.deserializeFrame(error as Buffer).code, 0x101);
    await until(() => peer.isEnded, 'the socket is ended');
  }));

test('a request for nothing is INVALID, and what is to be ignored is ignored', () =>
  withWire(undefined, async ({ peer, received, statuses }) => {
    const request = framing0.serializeFrame({ type: FrameType.REQUEST_STREAM, streamId: 2, flags: 0, requestN: 1 });
    request.writeInt32BE(0, 6);
    peer.write(withLengths([bytesOfFrame((buffer) => encodeRequestN(buffer, 0, 0, 1)), request]));
    const [error] = await peer.received(1);
    assert.is(framing0.deserializeFrame(error as Buffer).code, 0x204);
    peer.send({ type: FrameType.CANCEL, streamId: 1, flags: 0 });
    await until(() => received.length === 1, 'what follows has come');
    assert.is(received[0]?.type, FrameType.CANCEL);
    assert.is(statuses.at(-1), 'CONNECTED');
  }));

test('error codes from 0x80000000 on are read as they are', () =>
  withWire(undefined, async ({ peer, received }) => {
    peer.send({ type: FrameType.ERROR, streamId: 1, flags: 0, code: 0xfffffffe, message: 'own' });
    await until(() => received.length === 1, 'it has come');
    assert.is(received[0]?.code, 0xfffffffe);
  }));

test('a payload that the encoders do not take ends the connection, as in rsocket-tcp-client', () =>
  withWire(undefined, async ({ client, errors, peer }) => {
    client.sendOne({ type: FrameType.REQUEST_FNF, streamId: 1, flags: 0, data: Buffer.from('no string') });
    assert.is(errors.length, 1);
    assert.match(errors[0]?.message as string, 'BufferEncoders');
    await until(() => peer.isEnded, 'the socket is ended');
  }));

test.run();
