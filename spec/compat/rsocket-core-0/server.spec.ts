/** The TransportServer of rsocket-js 0.0.27, as our servers are one, and whom they let in. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { type Frame, RSocketTcpClient, RSocketTcpServer, RSocketTlsClient } from 'flysocket/compat/rsocket-core-0';
import { FrameType } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import type { Socket0 } from '../../interop/generation0Api.ts';
import { core0 } from '../../interop/generation0Api.ts';
import { setup, withLengths } from '../../interop/rawFrames.ts';
import { suite } from '../../support/suite.ts';
import { turns, until } from '../../tck/until.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../../tcp-transport/testCertificate.ts';
import { bufferEncoders, pairs, poolsAreQuiescent, tcpServer } from './flysocket0.ts';
import { connectOn, echo, promiseOf, serveOn } from './promises0.ts';
import { framing0, RawPeer } from './RawPeer.ts';

/** RSocketServer prints what ends a connection before it has begun; kept here, so that it can be looked at. */
const printed: string[] = [];
console.error = (error: unknown) => printed.push(String(error));

for (const pair of pairs) {
  const test = suite(`a TransportServer of rsocket-js 0.0.27 over ${pair.name}`);

  test('stop completes what start gave, ends clients without a SETUP, and lets in nobody', async () => {
    const transports = pair.make();
    const told: string[] = [];
    transports.server.start().subscribe({
      onSubscribe: (subscription) => subscription.request(Number.MAX_SAFE_INTEGER),
      onNext: (connection) => {
        connection.receive().subscribe(() => {});
        connection.connectionStatus().subscribe(({ kind }) => told.push(kind));
      },
      onComplete: () => told.push('complete'),
    });
    const client = await transports.client();
    const statuses: string[] = [];
    client.connectionStatus().subscribe(({ kind }) => statuses.push(kind));
    client.connect();
    await until(() => told.includes('CONNECTED') && statuses.includes('CONNECTED'), 'it is connected');
    client.receive().subscribe(() => {});
    transports.server.stop();
    transports.server.stop();
    assert.equal(told, ['CONNECTED', 'CLOSED', 'complete']);
    await until(() => statuses.at(-1) === 'ERROR', 'the client is told');
    await poolsAreQuiescent();
  });

  test('cancelled: it listens no more, and says nothing more', async () => {
    const transports = pair.make({ client: { handshakeTimeoutMs: 100 } });
    const told: string[] = [];
    let cancel = (): void => {};
    transports.server.start().subscribe({
      onSubscribe: (subscription) => {
        cancel = () => subscription.cancel();
        subscription.request(1);
      },
      onNext: () => told.push('a connection'),
      onComplete: () => told.push('complete'),
    });
    const client = await transports.client();
    cancel();
    transports.server.stop();
    const statuses: string[] = [];
    client.connectionStatus().subscribe(({ kind }) => statuses.push(kind));
    client.connect();
    await turns(20);
    client.close();
    assert.equal(told, []);
    assert.not.ok(statuses.includes('CONNECTED'));
  });

  test('RSocketServer stops: its clients are told, and what they await fails', async () => {
    const transports = pair.make({}, bufferEncoders);
    const server = serveOn(transports.server);
    const socket = await connectOn(await transports.client());
    const waiting = promiseOf(socket.requestResponse({ data: Buffer.from('never') })).then(
      () => 'answered',
      (error: { code?: string }) => error.code,
    );
    await promiseOf(socket.requestResponse({ data: Buffer.from('all before has come') }));
    server.stop();
    assert.is(await waiting, 'ERR_FLYSOCKET_CONNECTION_CLOSED');
    await poolsAreQuiescent();
  });

  test('a responder that refuses a SETUP: REJECTED_SETUP, which arrives, and the end', async () => {
    const transports = pair.make({}, bufferEncoders);
    const server = serveOn(transports.server, () => {
      throw new Error('not you');
    });
    const errors: string[] = [];
    const socket = await connectOn(await transports.client(), { onError: (error) => errors.push(error.message) });
    await until(() => errors.length > 0, 'the client is told');
    assert.match(errors[0] as string, /0x3 \(REJECTED_SETUP\).*not you/);
    socket.close();
    server.stop();
    await poolsAreQuiescent();
  });

  test('a client that wants to resume is refused at once, with REJECTED_SETUP', async () => {
    const transports = pair.make({}, bufferEncoders);
    const server = serveOn(transports.server);
    const client = await transports.client();
    const options = { bufferSize: 100, resumeToken: Buffer.from('token'), sessionDurationSeconds: 1 };
    const resumable = new core0.RSocketResumableTransport(() => client, options, bufferEncoders as object);
    const errors: string[] = [];
    const socket = await connectOn(resumable, { onError: (error) => errors.push(error.message) });
    const answer = promiseOf(socket.requestResponse({ data: Buffer.from('hello') })).then(
      () => 'answered',
      (error: Error) => error.message,
    );
    assert.match(await answer, /0x3 \(REJECTED_SETUP\)/);
    assert.match(errors[0] as string, 'a session cannot be resumed here');
    const statuses: string[] = [];
    socket.connectionStatus().subscribe({
      onSubscribe: (subscription) => subscription.request(1),
      onNext: ({ kind }) => statuses.push(kind),
    });
    assert.equal(statuses, ['CLOSED']);
    server.stop();
    await poolsAreQuiescent();
  });

  test('leases: granted by either side, counted, and renewed', async () => {
    const transports = pair.make({}, bufferEncoders);
    const granting = (requests: number): InstanceType<typeof core0.Leases> =>
      new core0.Leases()
        .sender(() => new Once(new core0.Lease(60_000, requests)))
        .receiver((leases) => leases.subscribe({}));
    const sockets: Socket0[] = [];
    const server = new core0.RSocketServer({
      transport: transports.server,
      leases: () => granting(2),
      getRequestHandler: (socket) => {
        sockets.push(socket);
        return echo;
      },
    });
    server.start();
    const client = new core0.RSocketClient({
      transport: await transports.client(),
      responder: echo,
      // Granted at once, as it is ready: that library sends it before the SETUP, and our client after it.
      leases: () => granting(1),
      setup: { dataMimeType: 'a/b', metadataMimeType: 'a/b', keepAlive: 60_000, lifetime: 300_000 },
    });
    const socket = (await promiseOf(client.connect())) as Socket0 & { availability(): number };
    await until(() => socket.availability() === 1, 'the lease of the server has come');
    const ask = (from: Socket0, text: string): Promise<string> =>
      promiseOf(from.requestResponse({ data: Buffer.from(text) })).then(
        ({ data }) => String(data),
        (error: Error) => error.message,
      );
    assert.equal([await ask(socket, '1'), await ask(socket, '2')], ['1', '2']);
    assert.match(await ask(socket, '3'), /lease/i);
    const back = sockets[0] as Socket0 & { availability(): number };
    await until(() => back.availability() === 1, 'the lease of the client has come');
    assert.is(await ask(back, 'and back'), 'and back');
    assert.match(await ask(back, 'once more'), /lease/i);
    socket.close();
    server.stop();
    await poolsAreQuiescent();
  });

  test('KEEPALIVE is answered, so that a connection outlives its lifetime many times', async () => {
    const transports = pair.make({}, bufferEncoders);
    const server = serveOn(transports.server);
    const settings = { keepAlive: 20, lifetime: 150 };
    const socket = await connectOn(await transports.client(), settings);
    const begin = performance.now();
    await until(() => performance.now() - begin > 500, 'some lifetimes have passed');
    const answer = await promiseOf(socket.requestResponse({ data: Buffer.from('alive') }));
    assert.is(String(answer.data), 'alive');
    socket.close();
    server.stop();
    await poolsAreQuiescent();
  });

  test.run();
}

/** Brings one item, at once. */
class Once<T> {
  readonly #item: T;

  constructor(item: T) {
    this.#item = item;
  }

  subscribe(subscriber: {
    onSubscribe?(subscription: { request(n: number): void; cancel(): void }): void;
    onNext?(item: T): void;
  }): void {
    subscriber.onSubscribe?.({ request: () => {}, cancel: () => {} });
    subscriber.onNext?.(this.#item);
  }
}

const test = suite('a server of rsocket-js 0.0.27 over our TCP, and strangers');

/** Runs `body` with a server, and a client of it that knows only bytes. */
async function withStranger(options: object, body: (stranger: RawPeer) => Promise<void>): Promise<void> {
  const { transport, started } = tcpServer(undefined, options);
  const server = serveOn(transport);
  const stranger = await RawPeer.connecting(await started());
  try {
    await body(stranger);
  } finally {
    stranger.close();
    server.stop();
  }
  await poolsAreQuiescent();
}

async function errorFor(stranger: RawPeer): Promise<Frame> {
  await until(() => stranger.isEnded, 'the server has ended it');
  return framing0.deserializeFrame(stranger.frames.at(-1) as Buffer);
}

test('a first frame that is no SETUP: INVALID_SETUP', () =>
  withStranger({}, async (stranger) => {
    stranger.send({ type: FrameType.REQUEST_RESPONSE, streamId: 1, flags: 0, data: 'hello' });
    assert.is((await errorFor(stranger)).code, 1);
  }));

test('nothing at all: INVALID_SETUP, when the time is over', () =>
  withStranger({ timeToFirstFrameMs: 30 }, async (stranger) => {
    const { code, message } = await errorFor(stranger);
    assert.is(code, 1);
    assert.is(message, 'no SETUP within 30 ms');
    assert.match(printed.at(-1) as string, 'no SETUP within 30 ms');
  }));

test('bytes that are no SETUP: INVALID_SETUP', () =>
  withStranger({}, async (stranger) => {
    stranger.write(withLengths([setup().slice(0, 19)]));
    assert.is((await errorFor(stranger)).code, 1);
  }));

test('RESUME is refused by RSocketServer itself: REJECTED_RESUME', () =>
  withStranger({}, async (stranger) => {
    stranger.send({
      type: FrameType.RESUME,
      streamId: 0,
      flags: 0,
      majorVersion: 1,
      minorVersion: 0,
      resumeToken: 'token',
      serverPosition: 0,
      clientPosition: 0,
    });
    assert.is((await errorFor(stranger)).code, 4);
  }));

test('a SETUP in two segments, and requests in the same breath', () =>
  withStranger({}, async (stranger) => {
    const request = { type: FrameType.REQUEST_RESPONSE, streamId: 1, flags: 0, data: 'hello' };
    const bytes = withLengths([setup(), framing0.serializeFrame(request)]);
    stranger.write(bytes.subarray(0, 2));
    await turns(20);
    stranger.write(bytes.subarray(2));
    const [answer] = await stranger.received(1);
    assert.is(framing0.deserializeFrame(answer as Buffer).data, 'hello');
  }));

test('an address that is taken: `start` fails with what the system says', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as { port: number };
  const error = await new Promise<Error & { code?: string }>((resolve) => {
    new RSocketTcpServer({ host: '127.0.0.1', port }).start().subscribe({
      onSubscribe: (subscription) => subscription.request(1),
      onError: resolve,
    });
  });
  assert.is(error.code, 'EADDRINUSE');
  holder.close();
});

test('TLS: a factory that makes a server of node:tls, and its client', async () => {
  const listener = createTlsServer({ cert: TEST_CERTIFICATE, key: TEST_KEY });
  const serverFactory = (): typeof listener => listener;
  const server = serveOn(new RSocketTcpServer({ host: '127.0.0.1', port: 0, serverFactory }, bufferEncoders));
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  const options = { host: '127.0.0.1', port, ca: TEST_CERTIFICATE };
  const socket = await connectOn(new RSocketTlsClient(options, bufferEncoders));
  const data = Buffer.alloc(300_000, 'tls');
  assert.ok(data.equals((await promiseOf(socket.requestResponse({ data }))).data as Buffer));
  socket.close();
  const stranger = new RSocketTlsClient({ host: '127.0.0.1', port }, bufferEncoders);
  const failure: { code?: string } = await connectOn(stranger).then(
    () => ({}),
    (error) => error,
  );
  assert.is(failure.code, 'DEPTH_ZERO_SELF_SIGNED_CERT');
  server.stop();
  await poolsAreQuiescent();
});

test('without a factory it makes the server itself; a path is as good as a port', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flysocket-'));
  const path = join(folder, 'socket');
  const server = serveOn(new RSocketTcpServer({ path }));
  const socket = await connectOn(new RSocketTcpClient({ path }));
  const { data } = await promiseOf(socket.requestResponse({ data: 'ünd 🦊' }));
  assert.is(data, 'ünd 🦊');
  socket.close();
  server.stop();
  rmSync(folder, { recursive: true });
  await poolsAreQuiescent();
});

test.run();
