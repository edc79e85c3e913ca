import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import {
  TcpClientTransport,
  TcpServerTransport,
  WebsocketClientTransport,
  type WebsocketServerOptions,
  WebsocketServerTransport,
} from 'flysocket/compat/rsocket-core';
import type { RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import type { Payload, ServerTransport } from 'rsocket-core';
import * as assert from 'uvu/assert';
import { WebSocket, WebSocketServer } from 'ws';
import { setup, withLengths } from '../../interop/rawFrames.ts';
import { suite } from '../../support/suite.ts';
import { bytesOf } from '../../tck/samplePayloads.ts';
import { turns, until } from '../../tck/until.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../../tcp-transport/testCertificate.ts';
import { ask, askText, type Bound, bindAlpha, type Connected, connectAlpha } from './alphaKit.ts';

const test = suite('compat/rsocket-core: over sockets');
const HOST = '127.0.0.1';
const LISTEN = { port: 0, host: HOST };

type Client = TcpClientTransport | WebsocketClientTransport;

/** Runs `body` with a server that is bound, and ends both sides. */
async function withServer(
  makeServer: (pool: BufferPool) => ServerTransport,
  body: (bound: Bound, connectBy: (transport: Client) => Promise<Connected>) => Promise<void>,
): Promise<void> {
  const pool = new BufferPool({ tracking: true });
  const bound = await bindAlpha(makeServer(pool));
  const clients: Connected[] = [];
  const connectBy = async (transport: Client): Promise<Connected> => {
    const client = await connectAlpha(transport);
    clients.push(client);
    return client;
  };
  try {
    await body(bound, connectBy);
  } finally {
    for (const { rsocket } of [...clients, ...bound.ends]) rsocket.close();
    bound.close();
  }
  await until(() => pool.stats.inUse === 0, 'all memory has come back');
  pool.assertQuiescent();
}

function portOf({ closeable }: Bound): number {
  return (closeable.address as AddressInfo).port;
}

function tcpTo(port: number): TcpClientTransport {
  return new TcpClientTransport({ connectionOptions: { port, host: HOST } });
}

test('a SETUP that comes byte by byte, and requests in its last piece', () =>
  withServer(
    (pool) => new TcpServerTransport({ listenOptions: LISTEN, pool }),
    async (bound) => {
      const request = Uint8Array.of(0, 0, 0, 1, 0x10, 0, 0x61);
      const bytes = withLengths([setup(), request]);
      const socket = connect(portOf(bound), HOST);
      socket.setNoDelay(true);
      const answer: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => answer.push(chunk));
      const piecemeal = bytes.length - 12;
      for (let i = 0; i < piecemeal; i++) {
        await new Promise<void>((resolve) => socket.write(bytes.subarray(i, i + 1), () => resolve()));
        await turns(2);
      }
      socket.write(bytes.subarray(piecemeal));
      await until(() => Buffer.concat(answer).length === 10, 'it is answered');
      assert.equal(Buffer.concat(answer), Buffer.from([0, 0, 7, 0, 0, 0, 1, 0x28, 0x60, 0x61]));
      socket.destroy();
      await (bound.ends[0] as Connected).closed;
    },
  ));

test('TCP: the server’s and the client’s own sockets', () => {
  const server = createServer();
  const made: Socket[] = [];
  return withServer(
    (pool) => new TcpServerTransport({ listenOptions: LISTEN, socketCreator: () => server, pool }),
    async (_, connectBy) => {
      const { port } = server.address() as AddressInfo;
      const client = await connectBy(
        new TcpClientTransport({
          connectionOptions: { port, host: HOST },
          socketCreator: (options) => {
            made.push(connect(options));
            return made[0] as Socket;
          },
        }),
      );
      assert.is(await askText(client, 'by given sockets'), 'by given sockets');
      assert.is(made.length, 1);
      client.rsocket.close();
      await client.closed;
    },
  );
});

test('TLS, by sockets that are given', () =>
  withServer(
    (pool) =>
      new TcpServerTransport({
        listenOptions: LISTEN,
        socketCreator: () => createTlsServer({ cert: TEST_CERTIFICATE, key: TEST_KEY }) as Server,
        pool,
      }),
    async (bound, connectBy) => {
      const client = await connectBy(
        new TcpClientTransport({
          connectionOptions: { port: portOf(bound), host: HOST },
          socketCreator: (options) => connectTls({ ...(options as { port: number }), ca: TEST_CERTIFICATE }),
        }),
      );
      assert.is(await askText(client, 'in secret'), 'in secret');
    },
  ));

test('a client that finds nobody is told what the socket says', async () => {
  const server = createServer().listen(LISTEN);
  await until(() => server.listening, 'it listens');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const codes = await Promise.all(
    [tcpTo(port), new WebsocketClientTransport({ url: `ws://${HOST}:${port}` })].map((transport) =>
      connectAlpha(transport).catch((error: { code: string }) => error.code),
    ),
  );
  assert.equal(codes, ['ECONNREFUSED', 'ERR_FLYSOCKET_CONNECT_FAILED']);
  const wsCreator = (url: string): WebSocket => new WebSocket(url);
  const given = new WebsocketClientTransport({ url: `ws://${HOST}:${port}`, wsCreator });
  assert.is(await connectAlpha(given).catch((error: { code: string }) => error.code), 'ECONNREFUSED');
});

test('a server on an address that is taken is told so', () =>
  withServer(
    (pool) => new TcpServerTransport({ listenOptions: LISTEN, pool }),
    async (bound) => {
      const port = portOf(bound);
      const tcp = bindAlpha(new TcpServerTransport({ listenOptions: { port, host: HOST } }));
      assert.is(await tcp.then(String, (error: { code: string }) => error.code), 'EADDRINUSE');
      const ws = bindAlpha(new WebsocketServerTransport({ port, host: HOST }));
      assert.is(await ws.then(String, (error: RSocketError) => error.code), 'ERR_FLYSOCKET_LISTEN');
    },
  ));

test('who connects to a server that does not answer is told so, in time', async () => {
  const server = createServer().listen(LISTEN);
  await until(() => server.listening, 'it listens');
  const { port } = server.address() as AddressInfo;
  const transport = new WebsocketClientTransport({ url: `ws://${HOST}:${port}`, connectTimeoutMs: 20 });
  const code = await connectAlpha(transport).catch((error: RSocketError) => error.code);
  assert.is(code, 'ERR_FLYSOCKET_CONNECT_TIMEOUT');
  server.close();
});

/** Clients and servers over WebSocket, by whom their WebSockets are made. */
const WS_SERVERS: Record<string, () => WebsocketServerOptions> = {
  'a server of ours': () => LISTEN,
  'a server of `ws`': () => ({ ...LISTEN, wsCreator: (options) => new WebSocketServer(options) }),
};
const WS_CLIENTS: Record<string, ((url: string) => object) | undefined> = {
  ours: undefined,
  'that of `ws`': (url) => new WebSocket(url),
  'one as browsers have it': (url) => browserLike(new WebSocket(url)),
};

for (const [who, serverOptions] of Object.entries(WS_SERVERS)) {
  for (const [which, wsCreator] of Object.entries(WS_CLIENTS)) {
    test(`WebSocket: ${who}, and a client of which the WebSocket is ${which}`, () =>
      withServer(
        (pool) => new WebsocketServerTransport({ ...serverOptions(), pool }),
        async (bound, connectBy) => {
          const url = `ws://${HOST}:${portOf(bound)}`;
          const client = await connectBy(new WebsocketClientTransport({ url, wsCreator, debug: false }));
          assert.is(await askText(client, 'by WebSocket'), 'by WebSocket');
          const data = Buffer.from(bytesOf(1, 1_048_576));
          assert.ok((await ask(client, { data })).data?.equals(data));
          client.rsocket.close();
          await (bound.ends[0] as Connected).closed;
        },
      ));
  }
}

/** Of a WebSocket of `ws`, what browsers have, too. */
function browserLike(socket: WebSocket): object {
  return {
    set binaryType(type: 'arraybuffer') {
      socket.binaryType = type;
    },
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    set onopen(handler: typeof socket.onopen) {
      socket.onopen = handler;
    },
    set onmessage(handler: typeof socket.onmessage) {
      socket.onmessage = handler;
    },
    set onerror(handler: typeof socket.onerror) {
      socket.onerror = handler;
    },
    set onclose(handler: typeof socket.onclose) {
      socket.onclose = handler;
    },
    send: (data: Uint8Array) => socket.send(Uint8Array.from(data)),
    close: (code?: number, reason?: string) => socket.close(code, reason),
  };
}

test('WebSocket: on the HTTP server of a program, on a path of its own', () => {
  const httpServer = createHttpServer().listen(LISTEN);
  return withServer(
    (pool) => new WebsocketServerTransport({ httpServer, path: '/rsocket', pool }),
    async (_, connectBy) => {
      await until(() => httpServer.listening, 'it listens');
      const url = `ws://${HOST}:${(httpServer.address() as AddressInfo).port}`;
      assert.is(
        await askText(await connectBy(new WebsocketClientTransport({ url: `${url}/rsocket` })), 'here'),
        'here',
      );
      const elsewhere = connectAlpha(new WebsocketClientTransport({ url: `${url}/other` }));
      assert.is(await elsewhere.catch((error: RSocketError) => error.code), 'ERR_FLYSOCKET_CONNECT_FAILED');
      httpServer.close();
    },
  );
});

const SERVERS: Record<string, (pool: BufferPool) => ServerTransport> = {
  tcp: (pool) => new TcpServerTransport({ listenOptions: LISTEN, pool }),
  ws: (pool) => new WebsocketServerTransport({ ...LISTEN, pool }),
};

for (const [link, makeServer] of Object.entries(SERVERS)) {
  const clientTo = (bound: Bound): Client =>
    link === 'tcp' ? tcpTo(portOf(bound)) : new WebsocketClientTransport({ url: `ws://${HOST}:${portOf(bound)}` });

  test(`payloads of 1 MiB and more there and back, over ${link}`, () =>
    withServer(makeServer, async (bound, connectBy) => {
      const client = await connectBy(clientTo(bound));
      const large: Payload[] = [
        { data: Buffer.from(bytesOf(1, 1_048_576)), metadata: Buffer.from(bytesOf(2, 1_048_576)) },
        { data: Buffer.alloc(0), metadata: Buffer.from(bytesOf(3, 1_048_576)) },
        // Longer than a frame can be, so that it has to be in fragments.
        { data: Buffer.alloc(16_777_210, 7), metadata: Buffer.from('x') },
      ];
      for (const payload of large) {
        const { data, metadata } = await ask(client, payload);
        assert.ok(data?.equals(payload.data as Buffer));
        assert.ok(metadata?.equals(payload.metadata as Buffer));
      }
    }));

  test(`a server that is closed takes no more, and leaves those alone that it has, over ${link}`, () =>
    withServer(makeServer, async (bound, connectBy) => {
      const client = await connectBy(clientTo(bound));
      assert.is(await askText(client, 'before'), 'before');
      let closings = 0;
      bound.closeable.onClose(() => closings++);
      bound.close();
      bound.close();
      assert.is(closings, 1);
      assert.is(await askText(client, 'after'), 'after');
      const code = await connectAlpha(clientTo(bound)).catch((error: { code: string }) => error.code);
      assert.is(code, link === 'tcp' ? 'ECONNREFUSED' : 'ERR_FLYSOCKET_CONNECT_FAILED');
    }));

  test(`each side hears of the end that the other one makes, over ${link}`, () =>
    withServer(makeServer, async (bound, connectBy) => {
      const first = await connectBy(clientTo(bound));
      await askText(first, '');
      first.rsocket.close();
      assert.is(await first.closed, undefined);
      assert.is(((await (bound.ends[0] as Connected).closed) as RSocketError).code, 'ERR_FLYSOCKET_CONNECTION_CLOSED');
      const second = await connectBy(clientTo(bound));
      const answer = ask(second, 'never').then(String, (error: Error) => error.message);
      await askText(second, '');
      (bound.ends[1] as Connected).rsocket.close();
      assert.is(((await second.closed) as RSocketError).code, 'ERR_FLYSOCKET_CONNECTION_CLOSED');
      assert.match(await answer, 'Closed.');
    }));
}

test.run();
