/** What carries the frames of an attack, and of its target. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { PeerServerOptions, Responder, RSocketPeer } from 'flysocket/core';
import { connectTcp, serveTcp } from 'flysocket/tcp-transport';
import { connectWebSocket, serveWebSocket } from 'flysocket/ws-transport';
import { WebSocketServer } from 'ws';
import { until } from '../tck/until.ts';
import { type Framing, lengthsBefore } from './Framing.ts';
import { binaryMessages } from './webSocketFraming.ts';

/** What a server may be told, over any of them. */
export interface ServeOptions extends Omit<PeerServerOptions, 'responder' | 'counters'> {
  readonly maxInboundFrameLength?: number;
  readonly partialFrameTimeoutMs?: number;
  readonly highWaterBytes?: number;
  /** Time that an ended connection may linger. */
  readonly lingerTimeoutMs?: number;
  readonly upgradeTimeoutMs?: number;
}

export interface ListeningServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface Ground {
  readonly name: string;
  readonly framing: Framing;
  serve(responder: Responder, options: ServeOptions): Promise<ListeningServer>;
  /** An honest client. */
  connect(port: number): Promise<RSocketPeer>;
  /** Brings a bare socket to where frames may be sent. @returns what has come by it after that */
  enter(socket: Socket): Promise<Buffer>;
}

const host = '127.0.0.1';
const setup = { dataMimeType: 'text/honest' };

export const tcp: Ground = {
  name: 'TCP',
  framing: lengthsBefore,
  async serve(responder, options) {
    const server = await serveTcp({ host, port: 0 }, responder, options);
    return { port: (server.address as { port: number }).port, close: () => server.close({ deadlineMs: 50 }) };
  },
  connect: (port) => connectTcp({ host, port }, { setup }),
  enter: async () => Buffer.alloc(0),
};

export const webSocket: Ground = {
  name: 'WebSocket',
  framing: binaryMessages,
  async serve(responder, { lingerTimeoutMs, ...options }) {
    const server = await serveWebSocket({ host, port: 0 }, responder, { ...options, closeTimeoutMs: lingerTimeoutMs });
    return { port: server.address.port, close: () => server.close({ deadlineMs: 50 }) };
  },
  connect: (port) => connectWebSocket(`ws://${host}:${port}`, { setup }),
  async enter(socket) {
    socket.write(upgradeRequest());
    return answerOf(socket);
  },
};

export const wsPackage: Ground = {
  ...webSocket,
  name: 'WebSocket of ws',
  async serve(responder, { lingerTimeoutMs, upgradeTimeoutMs, partialFrameTimeoutMs, ...options }) {
    const maxPayload = options.maxInboundFrameLength ?? 1_000_000;
    const webSocketServer = new WebSocketServer({ host, port: 0, maxPayload, perMessageDeflate: false });
    const given = { ...options, closeTimeoutMs: lingerTimeoutMs };
    const server = await serveWebSocket({ webSocketServer }, responder, given);
    const close = async (): Promise<void> => {
      await server.close({ deadlineMs: 50 });
      await new Promise((resolve) => webSocketServer.close(resolve));
    };
    return { port: server.address.port, close };
  },
};

/** What a client says to become a WebSocket. A header of `''` is left out. */
export function upgradeRequest(headers: Readonly<Record<string, string>> = {}, firstLine = 'GET / HTTP/1.1'): string {
  const all = {
    host,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== '');
  return `${[firstLine, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`;
}

/** Waits for the head of the server's answer. @returns what came behind it. @throws Error if it is no upgrade */
async function answerOf(socket: Socket): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
  };
  socket.on('data', onData);
  await until(() => bytes.includes('\r\n\r\n') || socket.destroyed, 'the upgrade is answered');
  socket.off('data', onData);
  const head = bytes.indexOf('\r\n\r\n');
  if (!bytes.toString('latin1').startsWith('HTTP/1.1 101 ')) throw new Error(`no upgrade: ${bytes}`);
  return bytes.subarray(head + 4);
}
