import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { Handler } from 'flysocket/core';
import type { RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import {
  connectWebSocket,
  openWebSocket,
  type ServeWebSocketOptions,
  serveWebSocket,
  type WebSocketServer,
} from 'flysocket/ws-transport';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { suite } from '../support/suite.ts';
import { until } from '../tck/until.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../tcp-transport/testCertificate.ts';
import { BrowserLikeWebSocket } from './BrowserLikeWebSocket.ts';
import { HOST } from './webSocketPairs.ts';

const test = suite('connectWebSocket and serveWebSocket');

const LARGE = 300_000;
const ANYWHERE = { port: 0, host: HOST };

const echo: Handler = {
  requestResponse: (payload) => payload,
  async *requestStream() {
    for (let i = 0; i < 100; i++) yield { data: String(i) };
  },
};

function urlOf(server: WebSocketServer, scheme = 'ws'): string {
  const { host, port, path } = server.address;
  return `${scheme}://${host}:${port}${path}`;
}

async function rejection(promise: Promise<unknown>): Promise<RSocketError> {
  return promise.then(
    () => {
      throw new Error('it did not reject');
    },
    (error) => error as RSocketError,
  );
}

/** The status of an answer to an upgrade with these headers, on top of proper ones. */
function statusOf(
  server: WebSocketServer,
  headers: Record<string, string | undefined>,
  method = 'GET',
): Promise<number> {
  const proper = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const all = Object.entries({ ...proper, ...headers }).filter((entry) => entry[1] !== undefined);
  return new Promise((resolve, reject) => {
    const { host, port } = server.address;
    const asked = request({ host, port, method, agent: false, headers: Object.fromEntries(all) as never });
    asked.on('error', reject);
    asked.on('response', (response: IncomingMessage) => resolve(response.statusCode ?? 0));
    asked.on('upgrade', (response: IncomingMessage, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    asked.end();
  });
}

async function talks(options: ServeWebSocketOptions, connect: object, scheme = 'ws'): Promise<void> {
  const pool = new BufferPool({ tracking: true });
  const server = await serveWebSocket(ANYWHERE, echo, { ...options, pool });
  const client = await connectWebSocket(urlOf(server, scheme), { ...connect, pool });
  const asked = Array.from({ length: 50 }, (_, i) => `request ${i}`);
  const answers = await Promise.all(asked.map((data) => client.requestResponse({ data, metadata: 'm' })));
  assert.equal(
    answers.map((answer) => answer.dataUtf8()),
    asked,
  );
  const large = new Uint8Array(LARGE).map((_, i) => i * 7);
  assert.equal((await client.requestResponse({ data: large })).data, large);
  let items = 0;
  for await (const item of client.requestStream({ data: 'go' })) assert.is(item.dataUtf8(), String(items++));
  assert.is(items, 100);
  assert.is(server.peers.size, 1);
  await server.close();
  await client.onClose;
  assert.is(server.peers.size, 0);
  await until(() => pool.stats.inUse === 0, 'all memory has come back');
  pool.assertQuiescent();
}

test('talk', () => talks({}, {}));

test('talk over TLS', () => {
  return talks({ tls: { cert: TEST_CERTIFICATE, key: TEST_KEY } }, { tls: { ca: TEST_CERTIFICATE } }, 'wss');
});

test('talk if the client has a WebSocket as browsers do', () => talks({}, { webSocket: BrowserLikeWebSocket }));

test('talk if the client has the one of the ws package', () => talks({}, { webSocket: WebSocket }));

test('talk over TLS by the ws package', () => {
  const connect = { webSocket: WebSocket, tls: { ca: TEST_CERTIFICATE } };
  return talks({ tls: { cert: TEST_CERTIFICATE, key: TEST_KEY } }, connect, 'wss');
});

test('an HTTP server goes on with its other work', async () => {
  const http: Server = createServer((_, response) => response.end('a page')).listen(0, HOST);
  await new Promise((resolve) => http.once('listening', resolve));
  const first = await serveWebSocket({ server: http, path: '/first' }, { requestResponse: () => ({ data: 'first' }) });
  const second = await serveWebSocket(
    { server: http, path: '/second' },
    { requestResponse: () => ({ data: 'second' }) },
  );
  for (const [server, path] of [
    [first, 'first'],
    [second, 'second'],
  ] as const) {
    assert.is(server.address.path, `/${path}`);
    const client = await connectWebSocket(`${urlOf(server)}?query`);
    assert.is((await client.requestResponse({})).dataUtf8(), path);
    await client.close();
  }
  await second.close();
  assert.is(await (await fetch(urlOf(first, 'http'))).text(), 'a page');
  const nowhere = await rejection(openWebSocket(urlOf(first).replace('/first', '/second')));
  assert.match(nowhere.message, 'the server answered 404');
  await first.close();
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
});

test('says who may connect', async () => {
  const server = await serveWebSocket(ANYWHERE, echo, {
    verify: async ({ headers }) => {
      if (headers.origin === 'https://broken') throw new Error('broken');
      return headers.origin === 'https://friend';
    },
    protocols: ['second', 'third'],
  });
  assert.is(await statusOf(server, { origin: 'https://friend' }), 101);
  assert.is(await statusOf(server, { origin: 'https://foe' }), 403);
  assert.is(await statusOf(server, { origin: 'https://broken' }), 403);
  const headers = { origin: 'https://friend' };
  const client = new WebSocket(urlOf(server), ['first', 'second'], { headers });
  await new Promise((resolve) => client.once('open', resolve));
  assert.is(client.protocol, 'second');
  client.close();
  await server.close();
});

test('refuses what is no upgrade to WebSocket 13', async () => {
  const server = await serveWebSocket(ANYWHERE, echo);
  assert.is(await statusOf(server, {}), 101);
  assert.is(await statusOf(server, {}, 'POST'), 400);
  assert.is(await statusOf(server, { upgrade: 'h2c' }), 400);
  assert.is(await statusOf(server, { 'sec-websocket-key': 'short' }), 400);
  assert.is(await statusOf(server, { 'sec-websocket-key': undefined }), 400);
  assert.is(await statusOf(server, { 'sec-websocket-version': '8' }), 426);
  assert.is(await statusOf(server, { connection: undefined, upgrade: undefined }), 426);
  await server.close();
});

test('refuses connections beyond the bound, until one has gone', async () => {
  const server = await serveWebSocket(ANYWHERE, echo, { maxConnections: 1 });
  const first = await connectWebSocket(urlOf(server));
  await first.requestResponse({ data: 'here' });
  assert.match((await rejection(openWebSocket(urlOf(server)))).message, 'the server answered 503');
  await first.close();
  await until(() => server.peers.size === 0, 'the server has noticed');
  const second = await connectWebSocket(urlOf(server));
  await second.requestResponse({ data: 'here' });
  await server.close();
  await second.onClose;
});

test('an upgrade that is not decided on is not waited for', async () => {
  const server = await serveWebSocket(ANYWHERE, echo, {
    verify: () => new Promise(() => {}),
    upgradeTimeoutMs: 20,
  });
  assert.is((await rejection(openWebSocket(urlOf(server)))).code, 'ERR_FLYSOCKET_CONNECT_FAILED');
  await server.close();
});

test('a server that closes lets go of upgrades that are under way', async () => {
  let isAsked = false;
  const server = await serveWebSocket(ANYWHERE, echo, {
    verify: () => {
      isAsked = true;
      return new Promise(() => {});
    },
  });
  const refused = rejection(openWebSocket(urlOf(server)));
  await until(() => isAsked, 'the upgrade has come');
  await server.close();
  assert.is((await refused).code, 'ERR_FLYSOCKET_CONNECT_FAILED');
});

test('nobody there, nobody who answers, no URL, a change of mind', async () => {
  const silent = createTcpServer((socket) => socket.on('error', () => {}).resume()).listen(0, HOST);
  await new Promise((resolve) => silent.once('listening', resolve));
  const url = `ws://${HOST}:${(silent.address() as { port: number }).port}`;
  for (const webSocket of [undefined, WebSocket, BrowserLikeWebSocket]) {
    const timeout = await rejection(connectWebSocket(url, { connectTimeoutMs: 20, webSocket }));
    assert.is(timeout.code, 'ERR_FLYSOCKET_CONNECT_TIMEOUT');
    const mind = new AbortController();
    const abandoned = rejection(connectWebSocket(url, { signal: mind.signal, webSocket }));
    mind.abort(new Error('changed'));
    assert.is((await abandoned).message, 'changed');
    assert.is((await rejection(openWebSocket(url, { signal: mind.signal, webSocket }))).message, 'changed');
    for (const wrong of ['nonsense', 'ftp://127.0.0.1/'])
      assert.is((await rejection(openWebSocket(wrong, { webSocket }))).code, 'ERR_FLYSOCKET_CONNECT_FAILED');
  }
  await new Promise((resolve) => silent.close(resolve));
  for (const webSocket of [undefined, WebSocket, BrowserLikeWebSocket])
    assert.is((await rejection(openWebSocket(url, { webSocket }))).code, 'ERR_FLYSOCKET_CONNECT_FAILED');
});

test('a port that is taken', async () => {
  const server = await serveWebSocket(ANYWHERE, echo);
  const taken = await rejection(serveWebSocket({ ...ANYWHERE, port: server.address.port }, echo));
  assert.is(taken.code, 'ERR_FLYSOCKET_LISTEN');
  await server.close();
});

test('a frame limit that is none', async () => {
  const server = await serveWebSocket(ANYWHERE, echo);
  const none = await rejection(openWebSocket(urlOf(server), { maxFrameLength: 63 }));
  assert.is(none.code, 'ERR_FLYSOCKET_FRAME_LIMIT');
  await server.close();
});

test.run();
