import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { RSocketError } from 'flysocket/flyweight';
import { BACK_PRESSURED, CLOSED, type DuplexConnection } from 'flysocket/transport';
import { connectWebSocket, openWebSocket, serveWebSocket, WsConnection } from 'flysocket/ws-transport';
import * as assert from 'uvu/assert';
import { WebSocket, WebSocketServer } from 'ws';
import { suite } from '../support/suite.ts';
import { RecordingHandler } from '../tck/RecordingHandler.ts';
import { turns, until } from '../tck/until.ts';
import { frameOf } from './rawEnd.ts';
import { HOST } from './webSocketPairs.ts';
import { listenOnWs, type WsListening, wsPair } from './wsPairs.ts';

const test = suite('connections over the ws package');

const CONNECTION_ERROR = 0x101;
/** Far from what a reader that does not read is sent. */
const MOST_WAITING = 1_000_000;
const UPGRADE = [
  'GET / HTTP/1.1',
  `Host: ${HOST}`,
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n');

function send(connection: DuplexConnection, length: number): number {
  const index = connection.tryClaim(length, 0);
  if (index < 0) return index;
  for (let i = 0; i < length; i++) connection.buffer.putUint8(index + i, i);
  connection.commit(index);
  return index;
}

function isWhole(frame: Uint8Array): boolean {
  return frame.every((byte, i) => byte === (i & 0xff));
}

/** A bare client of the package, and the connection at its other end. */
async function withClient(
  server: WsListening,
  body: (client: WebSocket, connection: DuplexConnection, handler: RecordingHandler) => Promise<void>,
): Promise<void> {
  const client = new WebSocket(server.url);
  client.on('error', () => {});
  const handler = new RecordingHandler();
  await until(() => client.readyState === WebSocket.OPEN && server.accepted.length > 0, 'it is connected');
  const connection = server.accepted.pop() as DuplexConnection;
  connection.receive(handler);
  try {
    await body(client, connection, handler);
  } finally {
    client.terminate();
    await connection.onClose;
  }
}

test('is what both ends get', async () => {
  const { left, right, close } = await wsPair();
  assert.instance(left, WsConnection);
  assert.instance(right, WsConnection);
  await close();
});

test('text is refused with an ERROR on stream 0 and Close 1003', async () => {
  const server = await listenOnWs();
  await withClient(server, async (client, connection) => {
    const messages: Buffer[] = [];
    const codes: number[] = [];
    client.on('message', (data: Buffer) => messages.push(data));
    client.on('close', (code) => codes.push(code));
    client.send('text');
    assert.is((await connection.onClose)?.code, 'ERR_FLYSOCKET_TEXT_MESSAGE');
    await until(() => codes.length > 0, 'the client has been told');
    assert.equal([codes, messages[0]?.readInt32BE(0), messages[0]?.readInt32BE(6)], [[1003], 0, CONNECTION_ERROR]);
  });
  await server.close();
});

test('what is too long is refused: by maxPayload before it has come, else by our own limit', async () => {
  for (const [options, serverOptions] of [
    [{}, { maxPayload: 100 }],
    [{ maxInboundFrameLength: 100 }, {}],
  ] as const) {
    const server = await listenOnWs(options, serverOptions);
    await withClient(server, async (client, connection, handler) => {
      const codes: number[] = [];
      client.on('close', (code) => codes.push(code));
      client.send(new Uint8Array(100));
      client.send(new Uint8Array(101));
      const error = await connection.onClose;
      assert.equal([error?.code, error?.errorCode], ['ERR_FLYSOCKET_FRAME_TOO_LONG', CONNECTION_ERROR]);
      await until(() => codes.length > 0, 'the client has been told');
      assert.equal([codes, handler.frames.length], [[1009], 1]);
    });
    await server.close();
  }
});

test('a frame against the rules ends the connection', async () => {
  const server = await listenOnWs();
  const raw = connect(Number(new URL(server.url).port), HOST);
  raw.on('error', () => {}).resume();
  raw.write(UPGRADE);
  await until(() => server.accepted.length > 0, 'it is connected');
  raw.write(frameOf(0x2, 'unmasked', { key: 0 }));
  const connection = server.accepted[0] as DuplexConnection;
  connection.receive(new RecordingHandler());
  const error = await connection.onClose;
  assert.equal([error?.code, error?.errorCode], ['ERR_FLYSOCKET_WEBSOCKET_PROTOCOL', CONNECTION_ERROR]);
  raw.destroy();
  await server.close();
});

test('an end without a Close is a connection lost, at either end', async () => {
  const server = await listenOnWs();
  await withClient(server, async (client, connection) => {
    client.terminate();
    assert.is((await connection.onClose)?.code, 'ERR_FLYSOCKET_CONNECTION_LOST');
    assert.is(connection.tryClaim(1, 0), CLOSED);
  });
  const left = await openWebSocket(server.url, { webSocket: WebSocket });
  left.receive(new RecordingHandler());
  for (const socket of server.webSocketServer.clients) socket.terminate();
  assert.is((await left.onClose)?.code, 'ERR_FLYSOCKET_CONNECTION_LOST');
  await server.close();
});

test('the code of a Close decides whether it is an error', async () => {
  const server = await listenOnWs();
  for (const [code, expected] of [
    [1000, undefined],
    [1001, undefined],
    [4011, 'ERR_FLYSOCKET_CONNECTION_LOST'],
  ] as const) {
    await withClient(server, async (client, connection) => {
      client.close(code, 'because');
      const error = await connection.onClose;
      assert.is(error?.code, expected);
      if (expected !== undefined) assert.match(error?.message ?? '', `code=${code}, reason="because"`);
    });
  }
  await withClient(server, async (client, connection) => {
    const closed: unknown[] = [];
    client.on('close', (code, reason) => closed.push(code, String(reason)));
    connection.close(new RSocketError('ERR_FLYSOCKET_SPEC', 'the end'));
    await connection.onClose;
    await until(() => closed.length > 0, 'the client has been told');
    assert.equal(closed, [1011, 'ERR_FLYSOCKET_SPEC']);
  });
  await server.close();
});

test('a peer that does not answer our Close is not waited for without end', async () => {
  const { left, right, close } = await wsPair({ closeTimeoutMs: 20 });
  left.close();
  assert.is(await left.onClose, undefined);
  right.receive(new RecordingHandler());
  await close();
});

test('for a reader that does not read, little waits, WS_FRAME_OVERHEAD_BYTES included', async () => {
  for (const fromServer of [true, false]) {
    const { left, right, close } = await wsPair();
    const [from, to] = fromServer ? [right, left] : [left, right];
    from.receive(new RecordingHandler());
    let waiting = 0;
    let sent = 0;
    for (let quiet = 0; quiet < 50; quiet++) {
      for (; send(from, 1_000) >= 0; waiting += 1_000) {
        sent++;
        quiet = 0;
      }
      assert.ok(waiting < MOST_WAITING, `${waiting} bytes at once`);
      waiting = 0;
      await turns(1);
    }
    assert.is(send(from, 1_000), BACK_PRESSURED);
    const handler = new RecordingHandler();
    to.receive(handler);
    await until(() => handler.frames.length === sent, 'all of it has come');
    assert.ok(handler.frames.every(isWhole));
    await close();
  }
});

test('frames of one turn leave in one write', async () => {
  const server = await listenOnWs();
  const sockets: Socket[] = [];
  server.webSocketServer.on('connection', (_, request) => sockets.push(request.socket));
  await withClient(server, async (client, connection) => {
    const socket = sockets[0] as Socket;
    const lengths: number[] = [];
    client.on('message', (data: Buffer) => lengths.push(data.length));
    for (const flush of [() => connection.flush(), () => turns(1)]) {
      for (let length = 1; length <= 3; length++) send(connection, length);
      assert.equal([socket.writableCorked, socket.writableLength], [1, 12], 'three headers, six bytes');
      await flush();
      assert.is(socket.writableCorked, 0);
    }
    await until(() => lengths.length === 6, 'the frames have come');
    assert.equal(lengths, [1, 2, 3, 1, 2, 3]);
  });
  await server.close();
});

test('long frames come whole', async () => {
  const { left, right, close } = await wsPair({ maxFrameLength: 1_000_000 });
  const handler = new RecordingHandler();
  right.receive(handler);
  for (const length of [1, 125, 126, 65_535, 65_536, 1_000_000]) {
    await until(() => send(left, length) >= 0, 'there is room');
    await until(() => handler.frames.at(-1)?.length === length, `${length} bytes have come`);
    assert.ok(isWhole(handler.frames.at(-1) as Uint8Array));
  }
  await close();
});

test('what a peer compresses is understood, and nothing is compressed', async () => {
  const server = await listenOnWs({}, { perMessageDeflate: { threshold: 0 } });
  const sockets: Socket[] = [];
  server.webSocketServer.on('connection', (_, request) => sockets.push(request.socket));
  await withClient(server, async (client, connection, handler) => {
    assert.is(client.extensions, 'permessage-deflate');
    const lengths: number[] = [];
    client.on('message', (data: Buffer) => lengths.push(data.length));
    client.send(new Uint8Array(10_000));
    await until(() => handler.frames.length === 1, 'the message has come');
    assert.is(handler.frames[0]?.length, 10_000);
    assert.ok(connection.bytesReceived < 2_000, `${connection.bytesReceived} bytes received`);
    const before = sockets[0]?.bytesWritten ?? 0;
    send(connection, 10_000);
    await until(() => lengths.length === 1, 'the answer has come');
    assert.equal([lengths, sockets[0]?.bytesWritten], [[10_000], before + 4 + 10_000]);
  });
  await server.close();
});

test('a client sends its headers, and offers no compression', async () => {
  const server = await listenOnWs({}, { perMessageDeflate: true });
  const seen: unknown[] = [];
  server.webSocketServer.on('connection', ({ extensions, protocol }, { headers }) => {
    seen.push(headers.authorization, protocol, extensions);
  });
  const options = { webSocket: WebSocket, headers: { authorization: 'Bearer it' }, protocols: ['rsocket'] };
  const client = await openWebSocket(server.url, options);
  assert.equal(seen, ['Bearer it', 'rsocket', '']);
  server.accepted[0]?.receive(new RecordingHandler());
  client.close();
  await client.onClose;
  await server.close();
});

test('connections beyond the bound get Close 1013', async () => {
  const server = await listenOnWs({ maxConnections: 1 });
  await withClient(server, async () => {
    const next = await openWebSocket(server.url);
    next.receive(new RecordingHandler());
    assert.match((await next.onClose)?.message ?? '', 'code=1013');
    assert.is(server.accepted.length, 0);
  });
  await server.close();
});

test('serves peers, on an HTTP server that goes on, and by upgrades that are handed over', async () => {
  const http = createServer((_, response) => response.end('a page')).listen(0, HOST);
  await new Promise((resolve) => http.once('listening', resolve));
  const { port } = http.address() as { port: number };
  const onServer = new WebSocketServer({ server: http, path: '/server' });
  const byHand = new WebSocketServer({ noServer: true });
  http.prependListener('upgrade', (request, socket, head) => {
    if (request.url !== '/hand') return;
    byHand.handleUpgrade(request, socket, head, (webSocket) => byHand.emit('connection', webSocket, request));
    onServer.shouldHandle = () => true;
  });
  const first = await serveWebSocket({ webSocketServer: onServer }, { requestResponse: () => ({ data: 'server' }) });
  assert.equal(first.address, { host: HOST, port, path: '/server' });
  const client = await connectWebSocket(`ws://${HOST}:${port}/server`);
  assert.is((await client.requestResponse({})).dataUtf8(), 'server');
  await client.close();
  await first.close();
  await new Promise((resolve) => onServer.close(resolve));

  const second = await serveWebSocket({ webSocketServer: byHand }, { requestResponse: () => ({ data: 'hand' }) });
  assert.equal(second.address, { host: '', port: 0, path: '/' });
  const next = await connectWebSocket(`ws://${HOST}:${port}/hand`, { webSocket: WebSocket });
  assert.is((await next.requestResponse({})).dataUtf8(), 'hand');
  assert.is(second.peers.size, 1);
  await second.close();
  await next.onClose;
  assert.is(await (await fetch(`http://${HOST}:${port}/`)).text(), 'a page');
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
});

test('says when the port is taken, and which options are for the server that is given', async () => {
  const server = await listenOnWs();
  const rejections = [
    serveWebSocket(
      { webSocketServer: new WebSocketServer({ port: Number(new URL(server.url).port), host: HOST }) },
      {},
    ),
    serveWebSocket({ webSocketServer: server.webSocketServer }, {}, { verify: () => false }),
    serveWebSocket({ webSocketServer: server.webSocketServer }, {}, { protocols: ['rsocket'] }),
  ];
  for (const rejection of rejections) {
    const error = await rejection.then(
      () => undefined,
      (reason: RSocketError) => reason,
    );
    assert.is(error?.code, 'ERR_FLYSOCKET_LISTEN');
  }
  await server.close();
});

test.run();
