import { type ClientOptions, connectPeer, type RSocketPeer } from '../core/index.ts';
import { type OpenNodeWebSocketOptions, openNodeWebSocket } from './openNodeWebSocket.ts';

/** How a client in Node connects, and what it is. */
export interface ConnectNodeWebSocketOptions
  extends OpenNodeWebSocketOptions,
    Omit<ClientOptions, keyof OpenNodeWebSocketOptions> {}

/**
 * An RSocket client over a WebSocket to `url`.
 * @throws RSocketError (as rejection) as `openNodeWebSocket` and `connectPeer`
 */
export async function connectNodeWebSocket(
  url: string | URL,
  options: ConnectNodeWebSocketOptions = {},
): Promise<RSocketPeer> {
  const connection = await openNodeWebSocket(url, options);
  try {
    return connectPeer(connection, options);
  } catch (error) {
    connection.close();
    throw error;
  }
}
