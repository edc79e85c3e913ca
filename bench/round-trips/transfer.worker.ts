/** Answers TransferRequests with the memory that came. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { jobsByMessage } from '../harness/threads/jobsByMessage.ts';
import { METADATA_LENGTH } from '../request-response/RequestContender.ts';
import type { Transferred } from './TransferRequests.ts';

const port = parentPort as MessagePort;

jobsByMessage(port, workerData.jobs);
port.on('message', (message: Transferred | string | null) => {
  if (message === null || typeof message === 'string') return;
  const bytes = message.bytes.subarray(METADATA_LENGTH);
  port.postMessage({ id: message.id, bytes } satisfies Transferred, [bytes.buffer]);
});
