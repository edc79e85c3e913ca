import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer, type ServerOptions as SecureServerOptions } from 'node:https';
import { MAX_CONNECTIONS } from '../core/index.ts';
import { RSocketError } from '../flyweight/index.ts';
import { frameLimit } from './frameLimit.ts';
import { UPGRADE_TIMEOUT_MS, UpgradeListener, type UpgradeOptions } from './UpgradeListener.ts';
import type { ConnectionSink, WebSocketListener } from './WebSocketListener.ts';
import { WsListener, whenListening } from './WsListener.ts';
import type { WsServer } from './WsSocket.ts';

/**
 * Where to listen, or the HTTP server that does, and the path of the URL, if only that one is to be taken; or a
 * `WebSocketServer` of the npm package `ws`, which then upgrades and frames.
 */
export type WebSocketAddress =
  | { readonly port: number; readonly host?: string | undefined; readonly path?: string | undefined }
  | { readonly server: Server; readonly path?: string | undefined }
  | { readonly webSocketServer: WsServer };

/** What a server of `ws` sees to itself, by its own options. */
const FOR_UPGRADES = ['verify', 'protocols', 'tls'] as const;

/** How a listener takes connections, and by which kind of server. */
export interface ListenWebSocketOptions extends UpgradeOptions {
  /** `key`, `cert` and the like: the server then is one for `wss:`. */
  readonly tls?: SecureServerOptions | undefined;
}

/**
 * Listens for WebSockets. `accept` gets each connection, and has to call `receive` on it: nothing is read before. An
 * HTTP server that is handed in goes on with all its other work; one made here answers other requests with 426. A
 * server of `ws` has `path`, `verifyClient`, `handleProtocols` and `maxPayload` of its own: `verify`, `protocols` and
 * `tls` beside it are refused.
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_LISTEN with its cause, ERR_FLYSOCKET_FRAME_LIMIT
 */
export async function listenWebSocket(
  address: WebSocketAddress,
  accept: ConnectionSink,
  options: ListenWebSocketOptions = {},
): Promise<WebSocketListener> {
  frameLimit(options.maxFrameLength);
  if ('webSocketServer' in address) return listenOnWs(address.webSocketServer, accept, options);
  const { path } = address;
  if ('server' in address) return new UpgradeListener(address.server, false, path, accept, options);
  const server = makeServer(options);
  await listen(server, address.port, address.host);
  return new UpgradeListener(server, true, path, accept, options);
}

async function listenOnWs(
  server: WsServer,
  accept: ConnectionSink,
  options: ListenWebSocketOptions,
): Promise<WebSocketListener> {
  const taken = FOR_UPGRADES.find((name) => options[name] !== undefined);
  if (taken !== undefined) {
    throw new RSocketError('ERR_FLYSOCKET_LISTEN', `the option \`${taken}\` is for the WebSocketServer that is given`);
  }
  const listener = new WsListener(server, accept, options);
  await whenListening(server);
  return listener;
}

function makeServer({
  tls,
  maxConnections = MAX_CONNECTIONS,
  upgradeTimeoutMs = UPGRADE_TIMEOUT_MS,
}: ListenWebSocketOptions): Server {
  const limits = {
    headersTimeout: upgradeTimeoutMs,
    requestTimeout: upgradeTimeoutMs,
    connectionsCheckingInterval: upgradeTimeoutMs,
  };
  const server =
    tls === undefined
      ? createServer(limits)
      : createSecureServer({ ...tls, ...limits, handshakeTimeout: upgradeTimeoutMs });
  // Beyond this the system's queue holds connections that nobody has answered; one more is for saying 503.
  server.maxConnections = maxConnections + 1;
  return server.on('request', (_, response) => response.writeHead(426, { upgrade: 'websocket' }).end());
}

function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => {
      const message = `no server on ${host ?? ''}:${port}: ${cause.message}`;
      reject(new RSocketError('ERR_FLYSOCKET_LISTEN', message, undefined, { cause }));
    };
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve();
    });
  });
}
