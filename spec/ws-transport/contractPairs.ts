import type { DuplexConnection } from 'flysocket/transport';
import { openWebSocket } from 'flysocket/ws-transport';
import type { MakeConnections } from '../tck/contractPeers.ts';
import { listen } from './webSocketPairs.ts';

/** A client's and a server's connection over WebSocket. */
export const connectionsOverWebSocket: MakeConnections = async (pools) => {
  const accepted: DuplexConnection[] = [];
  const { listener, url } = await listen((connection) => accepted.push(connection), { pool: pools.server });
  const client = await openWebSocket(url, { pool: pools.client });
  return { client, server: accepted[0] as DuplexConnection, dispose: () => listener.close() };
};
