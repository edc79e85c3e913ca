/** Answers BroadcastRequests, and says when it listens. */
import { BroadcastChannel, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { jobsByMessage } from '../harness/threads/jobsByMessage.ts';
import type { PostedAnswer, PostedRequest } from '../request-response/PostMessageRequests.ts';

const port = parentPort as MessagePort;
const channel = new BroadcastChannel(workerData.channelName);

channel.onmessage = (event: unknown) => {
  const { id, data } = (event as { data: PostedRequest }).data;
  channel.postMessage({ id, data } satisfies PostedAnswer);
};
jobsByMessage(port, workerData.jobs, () => channel.close());
port.postMessage('ready');
