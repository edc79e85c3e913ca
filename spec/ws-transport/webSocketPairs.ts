import type { BufferPool } from 'flysocket/pool';
import type { DuplexConnection } from 'flysocket/transport';
import {
  type ListenWebSocketOptions,
  listenWebSocket,
  type OpenWebSocketOptions,
  openWebSocket,
  type WebSocketListener,
} from 'flysocket/ws-transport';
import type { ConnectionPair } from '../tck/duplexConnection.ts';

export const HOST = '127.0.0.1';

/** A listener on a free port, and its URL. */
export async function listen(
  accept: (connection: DuplexConnection) => void,
  options: ListenWebSocketOptions = {},
): Promise<{ listener: WebSocketListener; url: string }> {
  const listener = await listenWebSocket({ port: 0, host: HOST }, accept, options);
  const scheme = options.tls === undefined ? 'ws' : 'wss';
  return { listener, url: `${scheme}://${HOST}:${listener.address.port}` };
}

/** A client on the left, a server's connection on the right. The pool is quiescent when both have ended. */
export async function webSocketPair(
  pool: BufferPool,
  clientOptions: OpenWebSocketOptions = {},
  serverOptions: ListenWebSocketOptions = {},
): Promise<ConnectionPair> {
  const accepted: DuplexConnection[] = [];
  const { listener, url } = await listen((connection) => accepted.push(connection), { ...serverOptions, pool });
  const left = await openWebSocket(url, { ...clientOptions, pool });
  const right = accepted[0] as DuplexConnection;
  return {
    left,
    right,
    close: async () => {
      left.close();
      right.close();
      await Promise.all([left.onClose, right.onClose, listener.close()]);
      pool.assertQuiescent();
    },
  };
}
