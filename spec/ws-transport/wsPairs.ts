import { BufferPool } from 'flysocket/pool';
import type { DuplexConnection } from 'flysocket/transport';
import {
  type ListenWebSocketOptions,
  listenWebSocket,
  type OpenWebSocketOptions,
  openWebSocket,
} from 'flysocket/ws-transport';
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws';
import type { MakeConnections } from '../tck/contractPeers.ts';
import type { ConnectionPair } from '../tck/duplexConnection.ts';
import { HOST } from './webSocketPairs.ts';

export interface WsListening {
  readonly url: string;
  readonly accepted: DuplexConnection[];
  readonly webSocketServer: WebSocketServer;
  close(): Promise<void>;
}

/** A server of the ws package on a free port, whose connections are accepted and left alone. */
export async function listenOnWs(
  options: ListenWebSocketOptions = {},
  serverOptions: ServerOptions = {},
): Promise<WsListening> {
  const webSocketServer = new WebSocketServer({ port: 0, host: HOST, ...serverOptions });
  const accepted: DuplexConnection[] = [];
  const listener = await listenWebSocket({ webSocketServer }, (connection) => accepted.push(connection), options);
  return {
    url: `ws://${HOST}:${listener.address.port}`,
    accepted,
    webSocketServer,
    close: async () => {
      await listener.close();
      await new Promise((resolve) => webSocketServer.close(resolve));
    },
  };
}

/** A client and a server's connection, both over the ws package. The pool is quiescent when both have ended. */
export async function wsPair(
  clientOptions: OpenWebSocketOptions = {},
  listenOptions: ListenWebSocketOptions = {},
  serverOptions: ServerOptions = {},
): Promise<ConnectionPair> {
  const pool = new BufferPool({ tracking: true, label: 'on ws' });
  const server = await listenOnWs({ ...listenOptions, pool }, serverOptions);
  const left = await openWebSocket(server.url, { webSocket: WebSocket, ...clientOptions, pool });
  const right = server.accepted[0] as DuplexConnection;
  return {
    left,
    right,
    close: async () => {
      left.close();
      right.close();
      await Promise.all([left.onClose, right.onClose, server.close()]);
      pool.assertQuiescent();
    },
  };
}

/** The same for peers. */
export const connectionsOverWs: MakeConnections = async (pools) => {
  const server = await listenOnWs({ pool: pools.server });
  const client = await openWebSocket(server.url, { webSocket: WebSocket, pool: pools.client });
  return { client, server: server.accepted[0] as DuplexConnection, dispose: () => server.close() };
};
