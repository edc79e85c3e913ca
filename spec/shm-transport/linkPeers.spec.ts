import type { RSocketPeerOptions } from 'flysocket/core';
import { processCounters } from 'flysocket/counters';
import { invitationsTo, WorkerPeer } from 'flysocket/shm-transport';
import { peerKit } from '../tck/peers.ts';
import type { PeerPair } from '../tck/withPeers.ts';

/** Both ends of a link in this thread, with the peers of every worker on them. */
async function linkedPeers(
  ringCapacity: number,
  left: RSocketPeerOptions,
  right: RSocketPeerOptions,
): Promise<PeerPair> {
  const [toClient, toServer] = invitationsTo('peers', ringCapacity, processCounters().memory);
  const [client, server] = await Promise.all([WorkerPeer.open(toClient, left), WorkerPeer.open(toServer, right)]);
  const dispose = async (): Promise<void> => {
    await Promise.all([client.close(), server.close()]);
  };
  return { client, server, dispose };
}

for (const ringCapacity of [4_096, 262_144]) {
  peerKit(`a link with rings of ${ringCapacity} bytes`, (client, server) => linkedPeers(ringCapacity, client, server));
}
