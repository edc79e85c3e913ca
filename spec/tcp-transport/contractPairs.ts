import { TcpConnection } from 'flysocket/tcp-transport';
import type { MakeConnections } from '../tck/contractPeers.ts';
import { type Kind, socketPair } from './tcpSupport.ts';

/** How pairs of connections over that kind of socket are made. */
export function connectionsOver(kind: Kind): MakeConnections {
  return async (pools) => {
    const [client, server] = await socketPair(kind);
    return {
      client: new TcpConnection(client, { pool: pools.client }),
      server: new TcpConnection(server, { pool: pools.server }),
    };
  };
}
