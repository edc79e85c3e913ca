/** A thread that owns itself: its event loop stands still while it answers, until it is told that it is enough. */
import type { RequestHandler } from 'flysocket/core';
import { ThreadCounter } from 'flysocket/counters';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import { acceptParent, DrainLoop } from 'flysocket/shm-transport';

const LONGEST_MS = 10_000;

const loop = DrainLoop.ofThisThread();
const answer = new PayloadFlyweight();
let isEnough = false;

const requestHandler: RequestHandler = {
  requestResponse(payload, streamId, peer) {
    if (payload.dataUtf8() === 'counters') {
      const parks = loop.counters.get(ThreadCounter.PARKS);
      const wakes = loop.counters.get(ThreadCounter.WAKES);
      const bytes = new TextEncoder().encode(JSON.stringify({ parks, wakes }));
      answer.wrapData(new DirectBuffer(bytes), 0, bytes.length);
    } else {
      answer.wrapData(payload.dataBuffer, payload.dataOffset, payload.dataLength);
    }
    peer.next(streamId, answer, true);
    return undefined;
  },
  fireAndForget() {
    isEnough = true;
  },
};

const peer = await acceptParent({ requestHandler });
loop.runBlocking(() => isEnough, LONGEST_MS);
await peer.close();
