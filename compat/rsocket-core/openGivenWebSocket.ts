import type { IncomingMessage } from 'node:http';
import { BlockKind, processCounters } from '../../counters/index.ts';
import { RSocketError } from '../../flyweight/index.ts';
import type { DuplexConnection } from '../../transport/index.ts';
import {
  WEBSOCKET_CONNECT_TIMEOUT_MS,
  WebSocketConnection,
  type WebSocketLike,
  WsConnection,
  type WsConnectionOptions,
  type WsSocket,
} from '../../ws-transport/index.ts';

/** How a WebSocket becomes a connection; all of it has a default. */
interface GivenWebSocketOptions extends Omit<WsConnectionOptions, 'counters'> {
  /** Default `WEBSOCKET_CONNECT_TIMEOUT_MS`. */
  readonly connectTimeoutMs?: number | undefined;
}

/**
 * Waits until a WebSocket that somebody else has made is open: one of the npm package `ws`, which is known by its
 * methods, or one as browsers have it.
 * @throws (as rejection) what the WebSocket's 'error' event says; RSocketError ERR_FLYSOCKET_CONNECT_FAILED,
 *   ERR_FLYSOCKET_CONNECT_TIMEOUT
 */
export function openGivenWebSocket(
  given: object,
  url: string,
  options: GivenWebSocketOptions,
): Promise<DuplexConnection> {
  return new Promise((resolve, reject) => {
    const socket = given as WebSocketLike;
    const { connectTimeoutMs = WEBSOCKET_CONNECT_TIMEOUT_MS } = options;
    const fail = (code: string, error?: unknown): void => {
      clearTimeout(timer);
      reject(error ?? new RSocketError(code, `no WebSocket to ${url}`));
      socket.close();
    };
    const timer = setTimeout(fail, connectTimeoutMs, 'ERR_FLYSOCKET_CONNECT_TIMEOUT');
    let transport: IncomingMessage['socket'] | undefined;
    if (isOfWs(socket)) {
      socket.on('upgrade', (response: IncomingMessage) => {
        transport = response.socket;
      });
    }
    socket.binaryType = 'arraybuffer';
    socket.onerror = ({ error }: { error?: unknown }) => fail('ERR_FLYSOCKET_CONNECT_FAILED', error);
    socket.onclose = () => fail('ERR_FLYSOCKET_CONNECT_FAILED');
    socket.onopen = () => {
      clearTimeout(timer);
      socket.onopen = socket.onerror = socket.onclose = null;
      if (!isOfWs(socket)) {
        resolve(new WebSocketConnection(socket, options));
        return;
      }
      const counters = processCounters().allocate(BlockKind.LINK, `ws ${url}`);
      resolve(new WsConnection(socket, transport, { ...options, counters }));
    };
  });
}

function isOfWs(socket: WebSocketLike): socket is WsSocket {
  const methods = ['terminate', 'pause', 'resume', 'on'];
  return methods.every((name) => typeof Reflect.get(socket, name) === 'function');
}
