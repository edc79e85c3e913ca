/** Answers each posted request with its data. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { jobsByMessage } from '../harness/threads/jobsByMessage.ts';
import type { PostedAnswer, PostedRequest } from './PostMessageRequests.ts';

const port = parentPort as MessagePort;

jobsByMessage(port, workerData.jobs);
port.on('message', (message: PostedRequest | string | null) => {
  if (message === null || typeof message === 'string') return;
  port.postMessage({ id: message.id, data: message.data } satisfies PostedAnswer);
});
