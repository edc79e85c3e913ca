/** Answers each request with its data, over a link. A request for a stream is never answered: it stays open. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Handler, RequestHandler, ZeroCopyRSocket } from 'flysocket/core';
import { PayloadFlyweight } from 'flysocket/flyweight';
import { acceptParent } from 'flysocket/shm-transport';
import { jobsByMessage } from '../harness/threads/jobsByMessage.ts';

export type Level = 'low' | 'high';

const answer = new PayloadFlyweight();

/** Answers from the very bytes that arrived. */
const requestHandler: RequestHandler = {
  requestResponse(payload: PayloadFlyweight, streamId: number, peer: ZeroCopyRSocket): undefined {
    answer.wrapData(payload.dataBuffer, payload.dataOffset, payload.dataLength);
    peer.next(streamId, answer, true);
  },
  requestStream: () => undefined,
};

const handler: Handler = {
  requestResponse: ({ data }) => data,
};

jobsByMessage(parentPort as MessagePort, workerData.jobs);
await acceptParent((workerData.level as Level) === 'low' ? { requestHandler } : { handler });
