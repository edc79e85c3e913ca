import type { IncomingMessage } from 'node:http';
import type { DuplexConnection } from '../transport/index.ts';

/** Takes WebSockets from a server. */
export interface WebSocketListener {
  /** Where the server listens, as far as it says, and the path for clients' URLs. */
  readonly address: { readonly host: string; readonly port: number; readonly path: string };
  /**
   * Takes no more connections; those that were handed over go on. A server that was handed in goes on too; one that was
   * made for this has then ended, with all its connections, when the result resolves.
   */
  close(): Promise<void>;
}

/** Who gets the connections, each with the request that it came by. */
export type ConnectionSink = (connection: DuplexConnection, request: IncomingMessage) => void;

/** An address as servers tell it: of a port, of a Unix socket, or of nothing yet. */
export function addressOf(
  address: { readonly address: string; readonly port: number } | string | null,
  path: string,
): WebSocketListener['address'] {
  if (address === null || typeof address === 'string') return { host: address ?? '', port: 0, path };
  return { host: address.address, port: address.port, path };
}
