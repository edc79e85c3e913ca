import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type ConnectOptions, connect, type Handler, type ServeOptions, serve, WatchedConnection } from 'flysocket';
import { frameToString } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { until } from '../tck/until.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../tcp-transport/testCertificate.ts';
import { rejectedWith } from './rejectedWith.ts';

const test = suite('connect and serve');

const LARGE = 300_000;
const SERVER_TLS: ServeOptions = { tls: { cert: TEST_CERTIFICATE, key: TEST_KEY } };
const CLIENT_TLS: ConnectOptions = { tls: { ca: TEST_CERTIFICATE } };

const echo: Handler = { requestResponse: (payload) => payload, requestStream: () => ['a', 'b', 'c'] };

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A server at `url`, a client that finds it by the server's own URL, and an end that leaves nothing behind. */
async function talksAt(url: string, serverOptions: ServeOptions = {}, options: ConnectOptions = {}): Promise<string> {
  const pool = new BufferPool({ tracking: true });
  const server = await serve(url, echo, { ...serverOptions, pool });
  const client = await connect(server.url, { ...options, pool });
  const answer = await client.requestResponse({ data: 'question', metadata: 'm' });
  assert.is(text(answer.data), 'question');
  assert.is(text(answer.metadata as Uint8Array), 'm');
  const large = new Uint8Array(LARGE).map((_, i) => i * 7);
  assert.equal((await client.requestResponse(large)).data, large);
  const items: string[] = [];
  for await (const { data } of client.requestStream('go')) items.push(text(data));
  assert.equal(items, ['a', 'b', 'c']);
  assert.is(server.peers.size, 1);
  await server.close();
  assert.is(server.peers.size, 0);
  await client.onClose;
  await until(() => pool.stats.inUse === 0, 'all memory has come back');
  pool.assertQuiescent();
  return server.url;
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'flysocket-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('talk over tcp:', async () => {
  assert.match(await talksAt('tcp://127.0.0.1:0'), /^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/);
});

test('talk over tls:', async () => {
  assert.match(await talksAt('tls://127.0.0.1:0', SERVER_TLS, CLIENT_TLS), /^tls:\/\/127\.0\.0\.1:[1-9]\d*$/);
});

test('talk over ws:, on any path or on one', async () => {
  assert.match(await talksAt('ws://127.0.0.1:0'), /^ws:\/\/127\.0\.0\.1:[1-9]\d*\/$/);
  assert.match(await talksAt('ws://127.0.0.1:0/rsocket'), /^ws:\/\/127\.0\.0\.1:[1-9]\d*\/rsocket$/);
});

test('talk over wss:', async () => {
  assert.match(await talksAt('wss://127.0.0.1:0/a', SERVER_TLS, CLIENT_TLS), /^wss:\/\/127\.0\.0\.1:[1-9]\d*\/a$/);
});

test('talk over unix:, by an absolute path, a relative one, and one with odd letters', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.sock');
    assert.is(await talksAt(`unix://${path}`), `unix://${path}`);
    assert.is(await talksAt(`unix:${path}`), `unix://${path}`);
    const near = relative('.', path);
    assert.is(await talksAt(`unix:${near}`), `unix:${near}`);
    assert.is(await talksAt(`unix:${folder}/a%20b%25`), `unix://${folder}/a%20b%25`);
  }));

test('another path than the one that is served finds nobody', async () => {
  const server = await serve('ws://127.0.0.1:0/here', echo);
  const refused = await rejectedWith(connect(server.url.replace(/here$/, 'elsewhere')), 'ERR_FLYSOCKET_CONNECT_FAILED');
  assert.match(refused.message, /404/);
  await server.close();
});

test('a server that is an async disposable ends with its block', async () => {
  const server = await serve('tcp://127.0.0.1:0', echo);
  await server[Symbol.asyncDispose]();
  await rejectedWith(connect(server.url), 'ERR_FLYSOCKET_CONNECT_FAILED');
});

const WRONG: readonly (readonly [url: string, why: RegExp])[] = [
  ['', /no scheme/],
  ['localhost:7878', /no scheme|scheme localhost: is not known/],
  ['127.0.0.1:7878', /no scheme/],
  ['http://localhost:7878', /scheme http: is not known/],
  ['tcp://localhost', /host and a port/],
  ['tcp://:7878', /malformed|host and a port/],
  ['tcp://localhost:70000', /malformed/],
  ['tcp://localhost:x', /malformed/],
  ['tcp://localhost:1/path', /nothing follows the port/],
  ['tls://localhost:1?a', /nothing follows the port/],
  ['unix:', /needs a path/],
  ['unix://host/path', /needs a path, and no host/],
  ['unix:%', /%/],
  ['ws://', /malformed/],
  ['ws://localhost/#a', /no fragment/],
  ['tcp://localhost:0', /port 0/],
];

for (const [url, why] of WRONG) {
  test(`"${url}" is the URL of no peer`, async () => {
    const error = await rejectedWith(connect(url), 'ERR_FLYSOCKET_URL');
    assert.match(error.message, why);
    assert.match(error.message, 'tcp://host:port');
    if (!url.endsWith(':0')) await rejectedWith(serve(url, echo), 'ERR_FLYSOCKET_URL');
  });
}

test('a server that is to listen for a query is told that it cannot', async () => {
  await rejectedWith(serve('ws://127.0.0.1:0/a?b', echo), 'ERR_FLYSOCKET_URL');
});

test('TLS is neither forgotten nor left out in silence', async () => {
  await rejectedWith(serve('tls://127.0.0.1:0', echo), 'ERR_FLYSOCKET_URL');
  await rejectedWith(serve('wss://127.0.0.1:0', echo), 'ERR_FLYSOCKET_URL');
  await rejectedWith(serve('tcp://127.0.0.1:0', echo, SERVER_TLS), 'ERR_FLYSOCKET_URL');
  await rejectedWith(serve('ws://127.0.0.1:0', echo, SERVER_TLS), 'ERR_FLYSOCKET_URL');
  await rejectedWith(connect('tcp://127.0.0.1:1', CLIENT_TLS), 'ERR_FLYSOCKET_URL');
  await rejectedWith(connect('ws://127.0.0.1:1', { tls: true }), 'ERR_FLYSOCKET_URL');
});

test('a longer frame than the server takes ends the connection, over either transport', async () => {
  for (const url of ['tcp://127.0.0.1:0', 'ws://127.0.0.1:0']) {
    const server = await serve(url, echo, { maxInboundFrameLength: 1_000 });
    const client = await connect(server.url);
    await client.requestResponse('x'.repeat(2_000)).then(
      () => assert.unreachable(),
      () => {},
    );
    await client.onClose;
    await server.close();
  }
});

test('whoever decorates the connection sees its frames', async () => {
  const frames: string[] = [];
  const server = await serve('tcp://127.0.0.1:0', echo);
  const client = await connect(server.url, {
    decorate: (connection) =>
      new WatchedConnection(connection, {
        onFrameSent: (buffer, offset, length) => frames.push(`> ${frameToString(buffer, offset, length)}`),
        onFrameReceived: (buffer, offset, length) => frames.push(`< ${frameToString(buffer, offset, length)}`),
      }),
  });
  await client.requestResponse('question');
  assert.is(frames.length, 3);
  assert.match(frames[0] as string, /^> SETUP\b/);
  assert.match(frames[1] as string, /^> REQUEST_RESPONSE\b/);
  assert.match(frames[2] as string, /^< PAYLOAD\b/);
  await client.close();
  await server.close();
});

test('with `reconnect` a socket outlives its server', () =>
  inFolder(async (folder) => {
    const url = `unix://${folder}/a.sock`;
    const client = await connect(url, { reconnect: { initialDelayMs: 1, maxDelayMs: 10 } });
    for (const question of ['before there is a server', 'after there was one']) {
      const answer = client.requestResponse(question);
      const server = await serve(url, echo);
      assert.is(text((await answer).data), question);
      await server.close();
      await until(() => client.state !== 'connected', 'it knows');
    }
    await client.close();
    assert.is(await client.onClose, undefined);
  }));

test('a SETUP that cannot be sent leaves no connection open', async () => {
  const server = await serve('tcp://127.0.0.1:0', echo);
  const wrong = connect(server.url, { setup: { dataMimeType: 'ä' } });
  await rejectedWith(wrong, 'ERR_FLYSOCKET_MIME_TYPE');
  await server.close();
});

test.run();
