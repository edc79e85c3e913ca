import { RSocketError } from '../flyweight/index.ts';
import type { DuplexConnection } from '../transport/index.ts';
import { frameLimit } from './frameLimit.ts';
import { WebSocketConnection, type WebSocketConnectionOptions } from './WebSocketConnection.ts';
import type { WebSocketConstructor, WebSocketLike } from './WebSocketLike.ts';

/** How long a client waits for its connection. */
export const WEBSOCKET_CONNECT_TIMEOUT_MS = 10_000;

const FAILED = 'ERR_FLYSOCKET_CONNECT_FAILED';

/** How a client makes its connection; all of it has a default. */
export interface OpenWebSocketOptions extends WebSocketConnectionOptions {
  /** Subprotocols to offer, the best first. RSocket servers expect none, which is the default. */
  readonly protocols?: readonly string[] | undefined;
  /** Default `WEBSOCKET_CONNECT_TIMEOUT_MS`. */
  readonly connectTimeoutMs?: number | undefined;
  /** Gives the attempt up. */
  readonly signal?: AbortSignal | undefined;
  /** Who makes the WebSocket. Default the global `WebSocket`. */
  readonly webSocket?: WebSocketConstructor | undefined;
}

/**
 * Connects to `url`, by the `WebSocket` that is there. Whoever gets the connection calls `receive` at once: frames
 * that come before are held nowhere.
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_CONNECT_FAILED, ERR_FLYSOCKET_CONNECT_TIMEOUT,
 *   ERR_FLYSOCKET_FRAME_LIMIT
 * @throws (as rejection) the reason of the `signal`
 */
export function openWebSocket(url: string | URL, options: OpenWebSocketOptions = {}): Promise<WebSocketConnection> {
  const { webSocket = globalWebSocket(), protocols = [] } = options;
  const make = (): WebSocketLike => {
    const socket = new (webSocket as WebSocketConstructor)(String(url), [...protocols]);
    socket.binaryType = 'arraybuffer';
    return socket;
  };
  return openBy(url, options, make, (socket) => new WebSocketConnection(socket, options));
}

/** Waits until the WebSocket that `make` makes is open, and resolves with what `connect` makes of it at once. */
export function openBy<Socket extends WebSocketLike, Connection extends DuplexConnection>(
  url: string | URL,
  options: OpenWebSocketOptions,
  make: () => Socket,
  connect: (socket: Socket) => Connection,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const { connectTimeoutMs = WEBSOCKET_CONNECT_TIMEOUT_MS, signal } = options;
    signal?.throwIfAborted();
    frameLimit(options.maxFrameLength);
    const fail = (code: string, cause?: unknown): void => {
      giveUp(new RSocketError(code, `no WebSocket to ${url}`, undefined, { cause }));
    };
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const giveUp = (reason: unknown): void => {
      settle();
      reject(reason);
      socket?.close();
    };
    const onAbort = (): void => giveUp(signal?.reason);
    const timer = setTimeout(fail, connectTimeoutMs, 'ERR_FLYSOCKET_CONNECT_TIMEOUT');
    signal?.addEventListener('abort', onAbort);
    let socket: Socket | undefined;
    try {
      socket = make();
    } catch (error) {
      fail(FAILED, error);
      return;
    }
    const made = socket;
    socket.onerror = ({ error }: { error?: unknown }) => fail(FAILED, error);
    socket.onclose = () => fail(FAILED);
    socket.onopen = () => {
      settle();
      made.onopen = made.onerror = made.onclose = null;
      resolve(connect(made));
    };
  });
}

function globalWebSocket(): WebSocketConstructor | undefined {
  return (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
}
