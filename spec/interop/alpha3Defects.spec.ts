/** What rsocket-js 1.0.0-alpha.3 does wrong. Each test shows one defect, and is named in docs/interop.md. */
import { connect, Socket } from 'node:net';
import { DirectBuffer, ErrorFlyweight, FrameFlag, FrameType, ResumeFlyweight } from 'flysocket/flyweight';
import * as core from 'rsocket-core';
import { TcpClientTransport } from 'rsocket-tcp-client';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { assertBytes, bytesOf } from '../tck/samplePayloads.ts';
import { until } from '../tck/until.ts';
import { alpha3 } from './alpha3.ts';
import { errorCodeOf } from './errorCodeOf.ts';
import { type FlysocketEnd, flysocket, poolIsQuiescent } from './flysocket.ts';
import { item } from './Item.ts';
import { RivalProcess } from './RivalProcess.ts';
import { ext, setup, withLengths } from './rawFrames.ts';
import { Tap } from './Tap.ts';
import { withEnds } from './withEnds.ts';

const test = suite(`defects of ${alpha3.name}`);
const HOST = '127.0.0.1';
const toIt = { client: flysocket, server: alpha3, link: 'tcp' } as const;
const fromIt = { client: alpha3, server: flysocket, link: 'tcp' } as const;
/** How long nothing happens that should. */
const QUIET_MS = 100;

test('a TCP server dies when the first bytes of a SETUP come alone', async () => {
  const server = await RivalProcess.start(alpha3, 'tcp');
  const socket = connect(server.port, HOST);
  socket.on('error', () => {});
  socket.write(withLengths([setup()]).subarray(0, 3));
  const { code, stderr } = await server.ending();
  socket.destroy();
  assert.is(code, 1);
  assert.match(stderr, 'undefined is not iterable');
});

test('a WebSocket server does not notice that its client has gone', () =>
  withEnds({ ...toIt, link: 'ws' }, async ({ client, server }) => {
    let hasNoticed = false;
    server.closed.then(() => {
      hasNoticed = true;
    });
    await (client as FlysocketEnd).peer.close();
    await quiet();
    assert.not(hasNoticed);
  }));

test('a METADATA_PUSH ends the connection', () =>
  withEnds(toIt, async ({ client, server }) => {
    client.metadataPush(bytesOf(1, 10));
    assert.match((await server.closed)?.message as string, 'length is not defined');
  }));

test('it cannot send a METADATA_PUSH', () =>
  withEnds(fromIt, async ({ client }) => {
    assert.throws(() => client.metadataPush(bytesOf(1, 10)), 'Method not implemented');
  }));

test('its RSocketError is none, so that each error is sent as an APPLICATION_ERROR', () =>
  withEnds(toIt, async ({ client }) => {
    assert.not.instance(new core.RSocketError(0x301, ''), core.RSocketError);
    const error = await client.requestResponse(item(`error:${0x301}:no`)).response.catch((e: unknown) => e);
    assert.is(errorCodeOf(error), 0x201);
  }));

test('error codes from 0x80000000 on become negative', () =>
  withEnds(fromIt, async ({ client }) => {
    const error = await client.requestResponse(item(`error:${0x80000001}:no`)).response.catch((e: unknown) => e);
    assert.is(errorCodeOf(error), 0x80000001 - 2 ** 32);
  }));

test('empty metadata arrives as none', () =>
  withEnds(fromIt, async ({ client, server }) => {
    client.fireAndForget(item('data', ''));
    assert.is((await client.requestResponse(item('data', '')).response).metadata, undefined);
    assert.is(server.log.fireAndForgets[0]?.metadata?.length, 0);
  }));

test('metadata that needs fragments never ends where there is no data', () =>
  withEnds({ ...fromIt, clientSettings: { fragmentSize: 100 }, tapped: true }, async ({ client, server, tap }) => {
    client.fireAndForget(item('', bytesOf(1, 1000)));
    await client.requestResponse(item('after')).response;
    const last = tap?.frames.findLast(({ from, streamId }) => from === 'client' && streamId === 1);
    assert.is((last?.flags ?? 0) & FrameFlag.FOLLOWS, FrameFlag.FOLLOWS);
    assert.is(server.log.fireAndForgets.length, 0);
  }));

test('a payload without data throws where there is a fragment size', () =>
  withEnds(fromIt, async ({ listener }) => {
    const transport = new TcpClientTransport({ connectionOptions: { port: listener.port, host: HOST } });
    const fragmentation = { maxOutboundFragmentSize: 100 };
    const rsocket = await new core.RSocketConnector({ transport, fragmentation }).connect();
    const stream = { onNext: () => {}, onComplete: () => {}, onError: () => {}, onExtension: () => {} };
    assert.throws(() => rsocket.requestResponse({ data: null, metadata: Buffer.from('m') }, stream), 'null');
    rsocket.close();
  }));

test('its answers go in one frame, whatever the fragment size', () =>
  withEnds({ ...toIt, serverSettings: { fragmentSize: 100 }, tapped: true }, async ({ client, tap }) => {
    const sent = item(bytesOf(1, 10_000));
    assertBytes((await client.requestResponse(sent).response).data, sent.data);
    assert.is(tap?.count('server', FrameType.PAYLOAD), 1);
  }));

test('a client whose SETUP was refused goes on with RESUME, of version 0.1', async () => {
  const listener = await flysocket.listen('tcp');
  const tap = await Tap.before(listener.port);
  const client = await alpha3.connect('tcp', tap.port, { resumeToken: 'token' });
  assert.is(errorCodeOf(await client.closed), 3);
  await until(() => tap.count('client', FrameType.RESUME) === 1, 'it asks to resume');
  const resume = new DirectBuffer(tap.frames.find(({ type }) => type === FrameType.RESUME)?.bytes as Uint8Array);
  assert.is(ResumeFlyweight.majorVersion(resume, 0), 0);
  assert.is(ResumeFlyweight.minorVersion(resume, 0), 1);
  // Told of our REJECTED_RESUME, it complains about the frame.
  await until(() => tap.count('client', FrameType.ERROR) === 1, 'it complains');
  const codes = tap.frames
    .filter(({ type }) => type === FrameType.ERROR)
    .map(({ from, bytes }) => [from, ErrorFlyweight.errorCode(new DirectBuffer(bytes), 0)]);
  assert.equal(codes, [
    ['server', 3],
    ['server', 4],
    ['client', 0x101],
  ]);
  await listener.close();
  tap.close();
  await poolIsQuiescent();
});

test('a server with leases grants none', () => {
  const lease = {};
  return withEnds({ ...toIt, clientSettings: { lease }, serverSettings: { lease } }, async ({ client }) => {
    let isAnswered = false;
    const call = client.requestResponse(item('waits'));
    call.response.then(
      () => {
        isAnswered = true;
      },
      () => {},
    );
    await quiet();
    assert.not(isAnswered);
    assert.is((client as FlysocketEnd).peer.zeroCopy.permits, 0);
    call.cancel();
  });
});

test('an EXT frame ends the connection, though it may be ignored', async () => {
  const listener = await alpha3.listen('tcp');
  const socket = connect({ port: listener.port, host: HOST, noDelay: true });
  socket.write(withLengths([setup()]));
  await until(() => listener.ends.length === 1, 'it was let in');
  socket.write(withLengths([ext(FrameFlag.IGNORE)]));
  assert.instance(await listener.ends[0]?.closed, TypeError);
  socket.destroy();
  await listener.close();
});

test("it leaves Nagle's algorithm on", async () => {
  const noDelays: unknown[] = [];
  class WatchedSocket extends Socket {
    override setNoDelay(...args: [boolean?]): this {
      noDelays.push(args);
      return super.setNoDelay(...args);
    }
  }
  const listener = await flysocket.listen('tcp');
  const transport = new TcpClientTransport({
    connectionOptions: { port: listener.port, host: HOST },
    socketCreator: (options) => new WatchedSocket().connect(options),
  });
  const rsocket = await new core.RSocketConnector({ transport }).connect();
  await until(() => listener.ends.length === 1, 'it was let in');
  assert.equal(noDelays, []);
  rsocket.close();
  await listener.close();
  await poolIsQuiescent();
});

function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, QUIET_MS));
}

test.run();
