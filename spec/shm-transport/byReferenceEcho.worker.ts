/**
 * Answers requests with their own data, from where it lies if it came by reference. Other requests are orders:
 *
 *   stream `keep <n>`   keeps what the next n requests bring, then goes on as before
 *   fnf `let go`        releases what it keeps
 *   fnf `exit`          ends the thread
 */
import type { RequestHandler, ZeroCopyRSocket } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import type { PooledBuffer } from 'flysocket/pool';
import { acceptParent } from 'flysocket/shm-transport';

const answer = new PayloadFlyweight();
const kept: PooledBuffer[] = [];
let keep = 0;

function say(peer: ZeroCopyRSocket, streamId: number, text: string): void {
  peer.next(streamId, answer.clear().wrapData(new DirectBuffer(new TextEncoder().encode(text)), 0, text.length), true);
}

const requestHandler: RequestHandler = {
  requestResponse(payload, streamId, peer) {
    if (keep === 0) {
      peer.next(streamId, payload, true);
      return undefined;
    }
    keep--;
    const held = peer.retain(payload);
    if (held !== undefined) kept.push(held);
    say(peer, streamId, held === undefined ? 'not kept' : 'kept');
    return undefined;
  },
  fireAndForget(payload) {
    const [order, count] = payload.dataUtf8().split(' ');
    if (order === 'keep') keep = Number(count);
    else if (order === 'let') for (const held of kept.splice(0)) held.release();
    else process.exit(3);
  },
};

await acceptParent({ requestHandler });
