/**
 * Opens a WebSocket by an upgrade of `node:http` (RFC 6455, 4.1), and keeps the socket: see `NodeWebSocketConnection`.
 */
import { randomBytes } from 'node:crypto';
import { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { BlockKind, processCounters } from '../counters/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import type { DuplexConnection } from '../transport/index.ts';
import { acceptKey } from './acceptKey.ts';
import { frameLimit } from './frameLimit.ts';
import { NodeWebSocketConnection, type NodeWebSocketConnectionOptions } from './NodeWebSocketConnection.ts';
import { type OpenWebSocketOptions, openWebSocket, WEBSOCKET_CONNECT_TIMEOUT_MS } from './openWebSocket.ts';
import { openWsWebSocket } from './openWsWebSocket.ts';
import { isWsConstructor } from './WsSocket.ts';

/** How a client in Node makes its connection; all of it has a default. */
export interface OpenNodeWebSocketOptions
  extends OpenWebSocketOptions,
    Omit<NodeWebSocketConnectionOptions, 'counters'> {
  /** Sent with the upgrade, such as `authorization`. */
  readonly headers?: OutgoingHttpHeaders | undefined;
  /** For `wss:` URLs: `ca`, `cert`, `key`, `servername` and the like. */
  readonly tls?: ConnectionOptions | undefined;
}

/**
 * Connects to a `ws:` or `wss:` URL. In Deno and Bun, and if `webSocket` is given, as `openWebSocket` of browsers; if
 * that is the one of the npm package `ws`, with all options.
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_CONNECT_FAILED, ERR_FLYSOCKET_CONNECT_TIMEOUT,
 *   ERR_FLYSOCKET_FRAME_LIMIT
 */
export function openNodeWebSocket(
  url: string | URL,
  options: OpenNodeWebSocketOptions = {},
): Promise<DuplexConnection> {
  const { webSocket } = options;
  if (isWsConstructor(webSocket) && !('Bun' in globalThis)) return openWsWebSocket(url, webSocket, options);
  if (webSocket !== undefined || 'Bun' in globalThis || 'Deno' in globalThis) return openWebSocket(url, options);
  return new Promise((resolve, reject) => {
    const { connectTimeoutMs = WEBSOCKET_CONNECT_TIMEOUT_MS, signal } = options;
    signal?.throwIfAborted();
    frameLimit(options.maxFrameLength);
    const key = randomBytes(16).toString('base64');
    const upgrade = requestUpgrade(url, key, options);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const giveUp = (reason: unknown): void => {
      settle();
      reject(reason);
      upgrade.destroy();
    };
    const fail = (why: string, cause?: unknown): void => {
      const message = `no WebSocket to ${url}: ${why}`;
      giveUp(new RSocketError('ERR_FLYSOCKET_CONNECT_FAILED', message, undefined, { cause }));
    };
    const onAbort = (): void => giveUp(signal?.reason);
    const timer = setTimeout(() => {
      const message = `no WebSocket to ${url} within ${connectTimeoutMs} ms`;
      giveUp(new RSocketError('ERR_FLYSOCKET_CONNECT_TIMEOUT', message));
    }, connectTimeoutMs);
    signal?.addEventListener('abort', onAbort);
    upgrade.on('error', (error) => fail(error.message, error));
    upgrade.on('response', (response) => fail(`the server answered ${response.statusCode}`));
    upgrade.on('upgrade', (response: IncomingMessage, socket: Socket, head: Uint8Array) => {
      const why = whyRefused(response, key, options.protocols ?? []);
      if (why !== undefined) {
        socket.destroy();
        fail(why);
        return;
      }
      settle();
      socket.setNoDelay();
      socket.setTimeout(0);
      const counters = processCounters().allocate(BlockKind.LINK, `ws ${url}`);
      resolve(new NodeWebSocketConnection(socket, head, true, { ...options, counters }));
    });
    upgrade.end();
  });
}

function requestUpgrade(
  target: string | URL,
  key: string,
  { headers, protocols = [], tls }: OpenNodeWebSocketOptions,
): ClientRequest {
  const url = URL.canParse(String(target)) ? new URL(target) : undefined;
  const isSecure = url?.protocol === 'wss:';
  if (url === undefined || (!isSecure && url.protocol !== 'ws:')) {
    throw new RSocketError('ERR_FLYSOCKET_CONNECT_FAILED', `not a URL of a WebSocket: ${target}`);
  }
  const options = {
    ...tls,
    agent: false,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port || (isSecure ? 443 : 80),
    path: url.pathname + url.search,
    ...(url.username === '' ? {} : { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` }),
    headers: {
      ...headers,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
      ...(protocols.length === 0 ? {} : { 'sec-websocket-protocol': protocols.join(', ') }),
    },
  };
  return isSecure ? requestHttps(options) : requestHttp(options);
}

/** @returns undefined if the server has answered as one that speaks WebSocket, with what was offered */
function whyRefused({ headers }: IncomingMessage, key: string, protocols: readonly string[]): string | undefined {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return 'an upgrade to something else';
  if (headers['sec-websocket-accept'] !== acceptKey(key)) return 'a wrong Sec-WebSocket-Accept';
  if (headers['sec-websocket-extensions'] !== undefined) return 'an extension that was not offered';
  const protocol = headers['sec-websocket-protocol'];
  return protocol === undefined || protocols.includes(protocol) ? undefined : `subprotocol "${protocol}"`;
}
