/** What rsocket-js 0.0.27 does wrong. Each test shows one defect, and is named in docs/interop.md. */
import { connect } from 'node:net';
import { encodeRequestResponse } from 'flysocket/codec';
import { IgnoringSubscriber } from 'flysocket/core';
import { FrameFlag, FrameType, PayloadFlyweight } from 'flysocket/flyweight';
import { connectTcp, serveTcp } from 'flysocket/tcp-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { bytesOf } from '../tck/samplePayloads.ts';
import { until } from '../tck/until.ts';
import { errorCodeOf } from './errorCodeOf.ts';
import { type FlysocketEnd, flysocket, pool, poolIsQuiescent } from './flysocket.ts';
import { generation0 } from './generation0.ts';
import { core0, flowables0, type Lease0, type Payload0, TcpClient0 } from './generation0Api.ts';
import { type Item, item, textOf } from './Item.ts';
import { itemsPublisher } from './publishers.ts';
import { ReceivedItems } from './ReceivedItems.ts';
import { RivalProcess } from './RivalProcess.ts';
import { frame, setup, withLengths } from './rawFrames.ts';
import { Tap } from './Tap.ts';
import { withEnds } from './withEnds.ts';

const test = suite(`defects of ${generation0.name}`);
const HOST = '127.0.0.1';
const toIt = { client: flysocket, server: generation0, link: 'tcp' } as const;
const fromIt = { client: generation0, server: flysocket, link: 'tcp' } as const;
const SETTINGS = { dataMimeType: 'text/plain', metadataMimeType: 'text/plain', keepAlive: 60_000, lifetime: 300_000 };
/** How long nothing happens that should. */
const QUIET_MS = 100;

test('its answers carry no metadata', () =>
  withEnds(toIt, async ({ client }) => {
    const sent = item('3', 'metadata');
    const [stream, channel] = [new ReceivedItems(), new ReceivedItems()];
    client.requestStream(sent, 10, stream);
    client.requestChannel(itemsPublisher([sent, sent]), 10, channel);
    const response = await client.requestResponse(sent).response;
    await Promise.all([stream.ended, channel.ended]);
    const all: Item[] = [response, ...stream.items, ...channel.items];
    assert.is(all.length, 6);
    for (const { metadata } of all) assert.is(metadata, undefined);
  }));

test('each error is sent as an APPLICATION_ERROR', () =>
  withEnds(toIt, async ({ client }) => {
    const error = await client.requestResponse(item(`error:${0x301}:no`)).response.catch((e: unknown) => e);
    assert.is(errorCodeOf(error), 0x201);
  }));

test('METADATA_PUSH goes without the flag for metadata, and we take it', () =>
  withEnds({ ...fromIt, tapped: true }, async ({ client, server, tap }) => {
    client.metadataPush(bytesOf(1, 10));
    await until(() => server.log.pushes.length === 1, 'it has come');
    assert.is(tap?.frames.find(({ type }) => type === FrameType.METADATA_PUSH)?.flags, 0);
  }));

test('a lease that is ready goes out before the SETUP, which we refuse', async () => {
  const listener = await flysocket.listen('tcp', { lease: {} });
  const tap = await Tap.before(listener.port);
  const ready = new flowables0.Flowable<Lease0>((subscriber) => {
    subscriber.onSubscribe({ request: () => subscriber.onNext(new core0.Lease(60_000, 10)), cancel: () => {} });
  });
  const client = new core0.RSocketClient({
    transport: new TcpClient0({ port: tap.port, host: HOST, noDelay: true }, core0.BufferEncoders),
    responder: {} as never,
    leases: () => new core0.Leases().sender(() => ready).receiver((leases) => leases.subscribe({})),
    setup: SETTINGS,
  });
  client.connect().subscribe({});
  await until(() => tap.count('server', FrameType.ERROR) === 1, 'it was refused');
  assert.is(tap.frames[0]?.type, FrameType.LEASE);
  assert.is(listener.ends.length, 0);
  client.close();
  await listener.close();
  tap.close();
  await poolIsQuiescent();
});

test('a WebSocket server with leases dies at the end of a connection', async () => {
  const server = await RivalProcess.start(generation0, 'ws', { lease: { requests: 10 } });
  const client = await flysocket.connect('ws', server.port, { lease: {} });
  assert.is(textOf(await client.requestResponse(item('1')).response), '1');
  client.close();
  const { code, stderr } = await server.ending();
  assert.is(code, 1);
  assert.match(stderr, 'this._onStatsEvent is not a function');
  await client.closed;
  await poolIsQuiescent();
});

test('a client with leases is not told why its connection ended', async () => {
  const listener = await flysocket.listen('tcp');
  const client = await generation0.connect('tcp', listener.port, { lease: {} });
  // Not what we said: that leases are not supported.
  assert.match((await client.closed)?.message as string, 'Socket closed unexpectedly');
  await listener.close();
  await poolIsQuiescent();
});

test('a server with leases sends them to who has not asked, and answers as if he had none', () =>
  withEnds({ ...toIt, serverSettings: { lease: { requests: 1 } }, tapped: true }, async ({ client, tap }) => {
    await until(() => tap?.count('server', FrameType.LEASE) === 1, 'a lease has come');
    assert.is(textOf(await client.requestResponse(item('1')).response), '1');
    const error = await client.requestResponse(item('2')).response.catch((e: unknown) => e);
    assert.match((error as Error).message, 'Missing leases');
    // REJECTED would say that it may be asked again.
    assert.is(errorCodeOf(error), 0x201);
  }));

test('its default encoders break characters that two fragments share', async () => {
  const { text, dispose } = await askedWithDefaultEncoders(item('ä'.repeat(1000)), 101);
  assert.match(text, '\ufffd');
  assert.is(text.replaceAll(/[ä\ufffd]/g, ''), '');
  await dispose();
});

test('its default encoders break what is not UTF-8', async () => {
  const { text, dispose } = await askedWithDefaultEncoders(item(new Uint8Array([0x61, 0xff, 0x62])), undefined);
  assert.is(text, 'a\ufffdb');
  await dispose();
});

test('a response that is empty never comes', async () => {
  const requestHandler = {
    requestResponse: (_: PayloadFlyweight, id: number, peer: FlysocketEnd['peer']['zeroCopy']) => {
      peer.complete(id);
      return new IgnoringSubscriber();
    },
  };
  const server = await serveTcp({ port: 0, host: HOST }, {}, { pool, requestHandler });
  const tap = await Tap.before((server.address as { port: number }).port);
  const client = await generation0.connect('tcp', tap.port);
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  client.requestResponse(item('?')).response.then(settle, settle);
  await until(() => tap.count('server', FrameType.PAYLOAD, FrameFlag.COMPLETE) === 1, 'it was answered');
  await quiet();
  assert.not(isSettled);
  client.close();
  await server.close();
  tap.close();
  await poolIsQuiescent();
});

test('it overlooks that a REQUEST_CHANNEL is complete', async () => {
  const listener = await generation0.listen('tcp');
  const peer = await connectTcp({ port: listener.port, host: HOST }, { pool });
  const texts: string[] = [];
  let isEnded = false;
  class Subscriber extends IgnoringSubscriber {
    override onNext(view: PayloadFlyweight): void {
      texts.push(view.dataUtf8());
    }
    override onComplete(): void {
      isEnded = true;
    }
  }
  peer.zeroCopy.requestChannel(new PayloadFlyweight(), 10, true, new Subscriber());
  await until(() => texts.length === 1, 'it was echoed');
  await quiet();
  assert.not(isEnded);
  peer.destroy();
  await peer.onClose;
  await listener.close();
  await poolIsQuiescent();
});

test('a server lets clients in that ask to resume, and cannot', async () => {
  const listener = await generation0.listen('tcp');
  const socket = connect({ port: listener.port, host: HOST, noDelay: true });
  let received = 0;
  socket.on('data', (chunk) => {
    received += chunk.length;
  });
  const request = frame((buffer) => encodeRequestResponse(buffer, 0, 1, new PayloadFlyweight()));
  socket.write(withLengths([setup('token'), request]));
  await until(() => received > 0, 'it was answered');
  assert.is(listener.ends.length, 1);
  socket.destroy();
  await listener.close();
});

/** What a client gets back that has left its encoders as they are. */
async function askedWithDefaultEncoders(
  sent: Item,
  maxFrameLength: number | undefined,
): Promise<{ text: string; dispose(): Promise<void> }> {
  const server = await serveTcp({ port: 0, host: HOST }, { requestResponse: () => sent }, { pool, maxFrameLength });
  const { port } = server.address as { port: number };
  const client = new core0.RSocketClient({
    transport: new TcpClient0({ port, host: HOST, noDelay: true }, undefined),
    responder: {} as never,
    setup: SETTINGS,
  });
  const text = await new Promise<string>((resolve, reject) => {
    const onComplete = (payload?: Payload0): void => resolve(payload?.data as string);
    client.connect().subscribe({
      onComplete: (socket) => socket?.requestResponse({ data: '?' }).subscribe({ onComplete, onError: reject }),
      onError: reject,
    });
  });
  const dispose = async (): Promise<void> => {
    client.close();
    await server.close();
    await poolIsQuiescent();
  };
  return { text, dispose };
}

function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, QUIET_MS));
}

test.run();
