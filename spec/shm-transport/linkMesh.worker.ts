/** Takes introductions, and passes on what its parent asks: `ask <name>` over the link of that name. */
import { workerData } from 'node:worker_threads';
import type { Handler } from 'flysocket/core';
import { acceptParent, type WorkerPeer } from 'flysocket/shm-transport';

export interface MeshOrders {
  readonly self: string;
  /** Default `accept`. */
  readonly introductions?: 'accept' | 'refuse' | 'ignore' | 'throw';
}

const { self, introductions = 'accept' }: MeshOrders = workerData;
const peers = new Map<string, WorkerPeer>();

const handler: Handler = {
  async requestResponse(payload) {
    const [order, name = ''] = payload.dataUtf8().split(' ');
    const peer = peers.get(name);
    if (order === 'count') return String(peers.size);
    if (order === 'close') await peer?.close();
    if (order === 'ask') return `${self} heard: ${(await peer?.requestResponse('who are you?'))?.dataUtf8()}`;
    return 'done';
  },
};

const parent = await acceptParent({
  handler,
  onIntroduction: introductions === 'ignore' ? undefined : onIntroduction,
});

function onIntroduction(name: string) {
  if (introductions === 'refuse') return undefined;
  if (introductions === 'throw') throw new TypeError('not today');
  return {
    handler: { requestResponse: () => `I am ${self}` },
    onPeer(peer: WorkerPeer) {
      peers.set(name, peer);
      peer.onClose.then(() => peers.delete(name));
    },
  };
}

await parent.onClose;
for (const peer of peers.values()) peer.close();
