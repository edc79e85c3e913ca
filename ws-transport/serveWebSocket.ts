import { PeerServer, type PeerServerOptions, type Responder } from '../core/index.ts';
import { type ListenWebSocketOptions, listenWebSocket, type WebSocketAddress } from './listenWebSocket.ts';
import { WebSocketServer } from './WebSocketServer.ts';

/** How a server takes connections, and what its peers are. */
export interface ServeWebSocketOptions
  extends ListenWebSocketOptions,
    Omit<PeerServerOptions, 'responder' | 'counters' | keyof ListenWebSocketOptions> {}

/**
 * Serves RSocket over WebSocket.
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_LISTEN with its cause, or if an option is for a server of `ws`
 */
export async function serveWebSocket(
  address: WebSocketAddress,
  responder: Responder,
  options: ServeWebSocketOptions = {},
): Promise<WebSocketServer> {
  const peerServer = new PeerServer({ ...options, responder });
  const listener = await listenWebSocket(address, (connection) => peerServer.accept(connection), options);
  return new WebSocketServer(listener, peerServer);
}
