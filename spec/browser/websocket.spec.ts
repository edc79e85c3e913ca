/** A page that calls a server of Node over WebSocket. */
import type { Handler } from 'flysocket/core';
import { serveWebSocket, type WebSocketServer } from 'flysocket/ws-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { itemsUpTo } from './items.ts';
import { scenariosOf } from './scenariosOf.ts';
import type { SocketScenarios } from './socket.ts';
import { hasBrowser, TestBrowser } from './TestBrowser.ts';
import { TestServer } from './TestServer.ts';

const test = suite('a page and a server, over WebSocket');
const add = hasBrowser ? test : (name: string) => test.skip(`${name} (no Chromium)`);
let pages: TestServer;
let browser: TestBrowser;
let rsockets: WebSocketServer;
let scenarios: SocketScenarios;
const setups: string[] = [];
const errors: string[] = [];

const handler: Handler = {
  async requestResponse(payload, { peer }) {
    const order = payload.data.length < 100 ? payload.dataUtf8() : '';
    if (order === 'call back') return (await peer.requestResponse('from the server')).dataUtf8();
    if (order === 'close') setTimeout(() => peer.close(), 10);
    return { data: payload.data, metadata: payload.metadata };
  },
  requestStream: (payload) => itemsUpTo(Number(payload.dataUtf8())),
  requestChannel: (payloads) => payloads,
};

test.before(async () => {
  if (!hasBrowser) return;
  rsockets = await serveWebSocket({ host: '127.0.0.1', port: 0 }, ({ payload }) => {
    setups.push(payload.dataUtf8());
    return handler;
  });
  pages = await TestServer.start(['socket']);
  browser = await TestBrowser.launch();
  scenarios = scenariosOf<SocketScenarios>(await browser.open(pages.url('plain', 'socket'), errors));
});

test.after(async () => {
  await browser?.close();
  await Promise.all([pages?.close(), rsockets?.close()]);
});

function url(): string {
  return `ws://127.0.0.1:${rsockets.address.port}/`;
}

add('setup, the interactions in both directions, large payloads, close', async () => {
  assert.equal(await scenarios.call(url()), ['hello m', 'true', '500 499', '500 499', 'page: from the server']);
  assert.equal(setups.splice(0), ['let me in']);
});

add('connect by URL, and a server that closes', async () => {
  assert.match(await scenarios.end(url()), /^close, (in order|ERR_FLYSOCKET_CONNECTION_CLOSED)$/);
});

add('a server that is not there, and a scheme that browsers have not', async () => {
  const gone = await serveWebSocket({ host: '127.0.0.1', port: 0 }, handler);
  const { port } = gone.address;
  await gone.close();
  assert.is(await scenarios.fail(`ws://127.0.0.1:${port}/`), 'ERR_FLYSOCKET_CONNECT_FAILED');
  assert.is(await scenarios.fail(`tcp://127.0.0.1:${port}`), 'ERR_FLYSOCKET_URL');
});

add('no error went unheard', () => {
  assert.equal(errors, []);
});

test.run();
