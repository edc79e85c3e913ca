import { DirectBuffer, ErrorFlyweight, RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { BACK_PRESSURED, CLOSED, type DuplexConnection } from 'flysocket/transport';
import { openWebSocket } from 'flysocket/ws-transport';
import * as assert from 'uvu/assert';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { suite } from '../support/suite.ts';
import { RecordingHandler } from '../tck/RecordingHandler.ts';
import { turns, until } from '../tck/until.ts';
import { BrowserLikeWebSocket } from './BrowserLikeWebSocket.ts';
import { closeOf, frameOf, RawEnd } from './rawEnd.ts';
import { HOST, listen, webSocketPair } from './webSocketPairs.ts';

const test = suite('how WebSocket connections end');

const TEXT = 0x1;
const BINARY = 0x2;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
const CONNECTION_ERROR = 0x101;
/** What a slow reader's peer may hold: what its own socket and pools take, far from what is sent. */
const MOST_HELD = 1_000_000;

function send(connection: DuplexConnection, length: number): number {
  const index = connection.tryClaim(length, 0);
  if (index < 0) return index;
  for (let i = 0; i < length; i++) connection.buffer.putUint8(index + i, i);
  connection.commit(index);
  return index;
}

test('a text message is refused with an ERROR on stream 0 and Close 1003', async () => {
  const end = new RawEnd(false);
  end.raw.write(frameOf(TEXT, 'hello'));
  const error = await end.takeFrame();
  const close = await end.takeFrame();
  assert.is(error.opcode, BINARY);
  const flyweight = new ErrorFlyweight().wrap(new DirectBuffer(error.payload), 0, error.payload.length);
  assert.equal(
    [flyweight.streamId, flyweight.errorCode, flyweight.dataUtf8()],
    [0, CONNECTION_ERROR, 'a text message'],
  );
  assert.equal([close.opcode, close.payload.readUInt16BE(0)], [CLOSE, 1003]);
  end.raw.write(frameOf(CLOSE, closeOf(1003)));
  end.raw.end();
  assert.is((await end.connection.onClose)?.code, 'ERR_FLYSOCKET_TEXT_MESSAGE');
  assert.equal(end.handler.signals, ['closed']);
  await end.dispose();
});

test('a message that is too long is refused by its length alone', async () => {
  for (const frames of [
    [frameOf(BINARY, new Uint8Array(101)).subarray(0, 8)],
    [frameOf(BINARY, new Uint8Array(100), { isLast: false }), frameOf(0, new Uint8Array(1))],
    [Buffer.from([0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
  ]) {
    const end = new RawEnd(false, { maxInboundFrameLength: 100 });
    for (const frame of frames) end.raw.write(frame);
    const { opcode, payload } = await end.takeFrame();
    assert.equal([opcode, payload.readUInt16BE(0)], [CLOSE, 1009]);
    end.raw.end();
    assert.is((await end.connection.onClose)?.code, 'ERR_FLYSOCKET_FRAME_TOO_LONG');
    assert.is(end.handler.frames.length, 0);
    await end.dispose();
  }
});

test('a frame against the rules ends the connection with Close 1002', async () => {
  const end = new RawEnd(false);
  end.raw.write(frameOf(BINARY, 'unmasked', { key: 0 }));
  const { payload } = await end.takeFrame();
  assert.is(payload.readUInt16BE(0), 1002);
  end.raw.end();
  const error = await end.connection.onClose;
  assert.equal([error?.code, error?.errorCode], ['ERR_FLYSOCKET_WEBSOCKET_PROTOCOL', CONNECTION_ERROR]);
  await end.dispose();
});

test('a Ping is answered, of many before a turn the last', async () => {
  const end = new RawEnd(false);
  end.raw.write(Buffer.concat([frameOf(PING, 'one'), frameOf(BINARY, 'message'), frameOf(PING, 'two')]));
  const { opcode, payload } = await end.takeFrame();
  assert.equal([opcode, payload.toString()], [PONG, 'two']);
  assert.is(Buffer.from(end.handler.frames[0] as Uint8Array).toString(), 'message');
  await end.dispose();
});

test('a message of which no end comes is not waited for', async () => {
  for (const begun of [frameOf(BINARY, 'whole').subarray(0, 9), frameOf(BINARY, 'part', { isLast: false })]) {
    const end = new RawEnd(false, { partialFrameTimeoutMs: 20 });
    end.raw.write(begun);
    const { payload } = await end.takeFrame();
    assert.is(payload.readUInt16BE(0), 1002);
    end.raw.end();
    assert.is((await end.connection.onClose)?.code, 'ERR_FLYSOCKET_PARTIAL_FRAME');
    await end.dispose();
  }
});

test('a peer that says goodbye: its code decides whether that is an error', async () => {
  for (const [code, isError] of [
    [1000, false],
    [1001, false],
    [1011, true],
    [4011, true],
  ] as const) {
    const end = new RawEnd(false);
    send(end.connection, 10);
    end.raw.write(frameOf(CLOSE, closeOf(code, 'because')));
    assert.is((await end.takeFrame()).opcode, BINARY);
    const answer = await end.takeFrame();
    assert.equal([answer.opcode, answer.payload.readUInt16BE(0)], [CLOSE, code]);
    end.raw.end();
    const error = await end.connection.onClose;
    assert.is(error?.code, isError ? 'ERR_FLYSOCKET_CONNECTION_LOST' : undefined);
    if (isError) assert.match(error?.message ?? '', /because/);
    assert.is(end.connection.tryClaim(1, 0), CLOSED);
    await end.dispose();
  }
});

test('an end without a Close is a connection lost', async () => {
  for (const cut of [(end: RawEnd) => end.raw.end(), (end: RawEnd) => end.raw.destroy()]) {
    const end = new RawEnd(true);
    await turns(2);
    cut(end);
    assert.is((await end.connection.onClose)?.code, 'ERR_FLYSOCKET_CONNECTION_LOST');
    assert.equal(end.handler.signals, ['closed']);
    await end.dispose();
  }
});

test('a peer that does not answer our Close is not waited for without end', async () => {
  const end = new RawEnd(false, { closeTimeoutMs: 20 });
  end.connection.close();
  await end.takeFrame();
  assert.is(await end.connection.onClose, undefined);
  await end.dispose();
});

test('a handler that throws ends the connection, and is not called again but to be told', async () => {
  for (const thrown of [new Error('oops'), new RSocketError('ERR_FLYSOCKET_SPEC', 'as it is')]) {
    const end = new RawEnd(false);
    end.handler.afterFrame = () => {
      throw thrown;
    };
    end.raw.write(Buffer.concat([frameOf(BINARY, 'one'), frameOf(BINARY, 'two')]));
    const { payload } = await end.takeFrame();
    assert.is(payload.readUInt16BE(0), 1011);
    end.raw.end(frameOf(CLOSE, closeOf(1011)));
    const error = await end.connection.onClose;
    if (thrown instanceof RSocketError) assert.is(error, thrown);
    else assert.equal([error?.code, error?.cause], ['ERR_FLYSOCKET_HANDLER_FAILED', thrown]);
    assert.equal(end.handler.signals, ['frame', 'closed']);
    await end.dispose();
  }
});

test('for a reader that does not read, memory is bounded', async () => {
  const pool = new BufferPool();
  const { left, right, close } = await webSocketPair(pool);
  left.receive(new RecordingHandler());
  let sent = 0;
  for (let quiet = 0; quiet < 50; quiet++) {
    while (send(left, 1_000) >= 0) {
      sent++;
      quiet = 0;
    }
    await turns(1);
  }
  assert.is(send(left, 1_000), BACK_PRESSURED);
  assert.ok(pool.stats.bytesInUse < MOST_HELD, `${pool.stats.bytesInUse} bytes are held`);
  const handler = new RecordingHandler();
  right.receive(handler);
  await until(() => handler.frames.length === sent, 'all of it has come');
  await close();
});

test('long frames, beyond MAX_SLAB_LENGTH, either way, in each kind of connection', async () => {
  const lengths = [125, 126, 65_535, 65_536, 1_000_000];
  const options = { maxFrameLength: 1_000_000 };
  for (const webSocket of [undefined, WebSocket, BrowserLikeWebSocket]) {
    const { left, right, close } = await webSocketPair(new BufferPool(), { ...options, webSocket }, options);
    for (const [from, to] of [
      [left, right],
      [right, left],
    ] as const) {
      const handler = new RecordingHandler();
      to.receive(handler);
      from.receive(handler);
      for (const length of lengths) {
        await until(() => send(from, length) >= 0, 'there is room');
        await until(() => handler.frames.at(-1)?.length === length, `${length} bytes have come`);
        const frame = handler.frames.at(-1) as Uint8Array;
        assert.ok(frame.every((byte, i) => byte === (i & 0xff)));
      }
    }
    await close();
  }
});

test('a client of the ws package is served', async () => {
  const accepted: DuplexConnection[] = [];
  const handler = new RecordingHandler();
  const { listener, url } = await listen((connection) => {
    accepted.push(connection);
    connection.receive(handler);
  });
  const client = new WebSocket(url);
  const messages: string[] = [];
  const closed: (number | string)[] = [];
  client.on('message', (data: RawData) => messages.push(String(data)));
  client.on('close', (code, reason) => closed.push(code, String(reason)));
  await until(() => accepted.length === 1 && client.readyState === WebSocket.OPEN, 'it is connected');
  const server = accepted[0] as DuplexConnection;
  client.send('in ', { fin: false, binary: true });
  client.send('three ', { fin: false });
  client.ping('are you there?');
  let pongs = 0;
  client.on('pong', () => pongs++);
  client.send('parts', { fin: true });
  await until(() => handler.frames.length === 1 && pongs === 1, 'message and Pong have come');
  assert.is(Buffer.from(handler.frames[0] as Uint8Array).toString(), 'in three parts');
  const index = server.tryClaim(2, 0);
  server.buffer.putUtf8(index, 'ok');
  server.commit(index);
  server.close(new RSocketError('ERR_FLYSOCKET_SPEC', 'the end'));
  await until(() => closed.length > 0, 'it has closed');
  assert.equal([messages, closed], [['ok'], [1011, 'ERR_FLYSOCKET_SPEC']]);
  await listener.close();
});

test('a server of the ws package is talked to', async () => {
  const server = new WebSocketServer({ port: 0, host: HOST });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const protocolsAndHeaders: unknown[] = [];
  server.on('connection', (socket, request) => {
    protocolsAndHeaders.push(socket.protocol, request.headers.authorization);
    socket.on('message', (data: Buffer) => {
      socket.send(data);
      socket.close(1001, 'done');
    });
  });
  const protocols = ['rsocket'];
  const headers = { authorization: 'Bearer it' };
  const client = await openWebSocket(`ws://${HOST}:${port}/path?query`, { protocols, headers });
  const handler = new RecordingHandler();
  client.receive(handler);
  send(client, 300);
  assert.is(await client.onClose, undefined);
  assert.is(handler.frames[0]?.length, 300);
  assert.equal(protocolsAndHeaders, ['rsocket', headers.authorization]);
  await new Promise((resolve) => server.close(resolve));
});

test('errors cross from a connection over a browser-like WebSocket, whose codes are private ones', async () => {
  const { left, right, close } = await webSocketPair(new BufferPool(), { webSocket: BrowserLikeWebSocket });
  const handlers = [new RecordingHandler(), new RecordingHandler()] as const;
  left.receive(handlers[0]);
  right.receive(handlers[1]);
  left.close(new RSocketError('ERR_FLYSOCKET_SPEC', 'the end'));
  const error = await right.onClose;
  assert.is(error?.code, 'ERR_FLYSOCKET_CONNECTION_LOST');
  assert.match(error?.message ?? '', 'code=4011, reason="ERR_FLYSOCKET_SPEC"');
  await close();
});

test.run();
