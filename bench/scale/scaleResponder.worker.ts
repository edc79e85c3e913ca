/** Answers each request with what it saw of its data, over any number of links. Streams stay open and silent. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { RequestHandler, ZeroCopyRSocket } from 'flysocket/core';
import { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import { acceptParent } from 'flysocket/shm-transport';
import { jobsByMessage } from '../harness/threads/jobsByMessage.ts';
import { DATA_LENGTH } from '../request-response/RequestContender.ts';
import { answerTo } from './answer.ts';
import { answerMemory } from './memoryInUse.ts';

const { links, maxStreams, jobs } = workerData as { links: number; maxStreams: number; jobs: SharedArrayBuffer };
const bytes = new DirectBuffer(new ArrayBuffer(DATA_LENGTH));
const answer = new PayloadFlyweight().wrapData(bytes, 0, DATA_LENGTH);

const requestHandler: RequestHandler = {
  requestResponse(payload: PayloadFlyweight, streamId: number, peer: ZeroCopyRSocket): undefined {
    answerTo(payload.dataBuffer, payload.dataOffset, payload.dataLength, bytes);
    peer.next(streamId, answer, true);
  },
  requestStream: () => undefined,
};

const port = parentPort as MessagePort;
jobsByMessage(port, jobs);
answerMemory(port);
await Promise.all(Array.from({ length: links }, () => acceptParent({ requestHandler, maxStreams })));
