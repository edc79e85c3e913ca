import { RSocketPeer } from 'flysocket/core';
import { InProcessConnection, type InProcessOptions } from 'flysocket/transport';
import { peerKit } from '../tck/peers.ts';
import type { MakePeers } from '../tck/withPeers.ts';

function inProcess(options: InProcessOptions): MakePeers {
  return async (clientOptions, serverOptions) => {
    const [left, right] = InProcessConnection.pair(options);
    const client = new RSocketPeer(left, clientOptions);
    const server = new RSocketPeer(right, serverOptions);
    return { client, server, dispose: () => client.close() };
  };
}

peerKit('an in-process pair', inProcess({}));
peerKit('an in-process pair of 1 KiB', inProcess({ capacity: 1_024 }));
