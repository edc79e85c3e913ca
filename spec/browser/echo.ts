/**
 * A Web Worker that accepts links and echoes. Some requests are orders instead:
 *
 *   request-response `call back`      makes all four interactions itself, and tells what it got
 *   request-response `never`          is not answered
 *   request-response `forgotten`      how many messages came by fire-and-forget
 *   fire-and-forget  `hold <ms>`      keeps the thread busy
 */
import type { Handler, PayloadLike, RSocket } from 'flysocket/core';
import { acceptParent, type LinkPort, type WorkerPeer } from 'flysocket/shm-transport';
import { itemsUpTo, textsOf } from './items.ts';

let forgotten = 0;

async function callBack(peer: RSocket): Promise<string> {
  const response = await peer.requestResponse({ data: 'from the worker', metadata: 'm' });
  await peer.fireAndForget('and forget');
  const stream = await textsOf(peer.requestStream('3'));
  const channel = await textsOf(peer.requestChannel(itemsUpTo(5)));
  return [response.dataUtf8(), response.metadataUtf8(), stream.join(), channel.join()].join(' | ');
}

function hold(forMs: number): void {
  for (const end = performance.now() + forMs; performance.now() < end; );
}

const handler: Handler = {
  async requestResponse(payload, { peer }): Promise<PayloadLike> {
    const order = payload.data.length < 100 ? payload.dataUtf8() : '';
    if (order === 'call back') return callBack(peer);
    if (order === 'never') return new Promise(() => {});
    if (order === 'forgotten') return String(forgotten);
    return { data: payload.data, metadata: payload.metadata };
  },
  fireAndForget(payload) {
    forgotten++;
    const [order, forMs] = payload.dataUtf8().split(' ');
    if (order === 'hold') hold(Number(forMs));
  },
  requestStream: (payload) => itemsUpTo(Number(payload.dataUtf8())),
  requestChannel: (payloads) => payloads,
};

// Late, so that the invitations come before anybody asks for them.
await new Promise((resolve) => setTimeout(resolve, 50));
const onIntroduction = (): { handler: Handler; onPeer(peer: WorkerPeer): void } => ({
  handler,
  onPeer: async (peer) => {
    const answer = await peer.requestResponse('hello from a worker');
    (globalThis as unknown as LinkPort).postMessage(answer.dataUtf8());
  },
});
await Promise.all([acceptParent({ handler, onIntroduction }), acceptParent({ handler, onIntroduction })]);
