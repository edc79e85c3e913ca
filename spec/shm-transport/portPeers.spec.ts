import type { RSocketPeerOptions } from 'flysocket/core';
import { portInvitationsTo, WorkerPeer } from 'flysocket/shm-transport';
import { peerKit } from '../tck/peers.ts';
import type { PeerPair } from '../tck/withPeers.ts';

/** Both ends of a link over a port in this thread, with the peers of every worker on them. */
async function linkedPeers(
  batchLength: number,
  left: RSocketPeerOptions,
  right: RSocketPeerOptions,
): Promise<PeerPair> {
  const [toClient, toServer] = portInvitationsTo('peers', batchLength);
  const [client, server] = await Promise.all([WorkerPeer.open(toClient, left), WorkerPeer.open(toServer, right)]);
  const dispose = async (): Promise<void> => {
    await Promise.all([client.close(), server.close()]);
  };
  return { client, server, dispose };
}

for (const batchLength of [4_096, 65_536]) {
  peerKit(`a port with batches of ${batchLength} bytes`, (client, server) => linkedPeers(batchLength, client, server));
}
