/** Answers with what it was sent, after it has changed three bytes of it: over a link on either level, or posted. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { acceptParent } from 'flysocket/shm-transport';
import { jobsByMessage } from '../harness/threads/jobsByMessage.ts';
import { touch } from './LargeRoundTrips.ts';
import type { PostedBytes } from './PostedRoundTrips.ts';

const port = parentPort as MessagePort;
const { level, jobs } = workerData as { level: 'low' | 'high' | 'posted'; jobs: SharedArrayBuffer };

jobsByMessage(port, jobs);
if (level === 'posted') {
  port.on('message', (message: PostedBytes | string | null) => {
    if (message === null || typeof message === 'string') return;
    const { bytes, isTransferred } = message;
    touch(bytes);
    port.postMessage(message, isTransferred ? [bytes.buffer] : []);
  });
} else if (level === 'low') {
  await acceptParent({
    requestHandler: {
      requestResponse(payload, streamId, peer): undefined {
        touch(payload.dataBuffer.bytes, payload.dataOffset);
        peer.next(streamId, payload, true);
      },
    },
  });
} else {
  await acceptParent({
    handler: {
      requestResponse: ({ data }) => {
        touch(data);
        return data;
      },
    },
  });
}
