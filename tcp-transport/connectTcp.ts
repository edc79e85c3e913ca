import { type ClientOptions, connectPeer, type RSocketPeer } from '../core/index.ts';
import { type OpenTcpOptions, openTcp } from './openTcp.ts';
import type { TcpAddress } from './TcpAddress.ts';

/** What a client over TCP may choose; all of it has defaults. */
export interface ConnectTcpOptions extends ClientOptions, Omit<OpenTcpOptions, keyof ClientOptions> {}

/**
 * Connects to a server over TCP, a Unix socket or TLS, and sends the SETUP. Requests may follow at once; whether the
 * server lets this client in is known when it answers.
 * @throws RSocketError (as rejection) as `openTcp` and `connectPeer`
 */
export async function connectTcp(address: TcpAddress, options: ConnectTcpOptions = {}): Promise<RSocketPeer> {
  const connection = await openTcp(address, options);
  try {
    return connectPeer(connection, options);
  } catch (error) {
    connection.close();
    throw error;
  }
}
