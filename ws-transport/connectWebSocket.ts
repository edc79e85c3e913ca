import { type ClientOptions, connectPeer, type RSocketPeer } from '../core/index.ts';
import { type OpenWebSocketOptions, openWebSocket } from './openWebSocket.ts';

/** How a client connects, and what it is. */
export interface ConnectWebSocketOptions
  extends OpenWebSocketOptions,
    Omit<ClientOptions, keyof OpenWebSocketOptions> {}

/**
 * An RSocket client over a WebSocket to `url`.
 * @throws RSocketError (as rejection) as `openWebSocket` and `connectPeer`
 */
export async function connectWebSocket(url: string | URL, options: ConnectWebSocketOptions = {}): Promise<RSocketPeer> {
  const connection = await openWebSocket(url, options);
  try {
    return connectPeer(connection, options);
  } catch (error) {
    connection.close();
    throw error;
  }
}
