import { once } from 'node:events';
import type { MessagePort, Worker } from 'node:worker_threads';
import { collectGarbage } from '../harness/allocation/collectGarbage.ts';

export interface MemoryInUse {
  /** Of this thread's heap, without what is garbage. */
  readonly heapBytes: number;
  /** Of this thread's ArrayBuffers; shared ones count in every thread that has them. */
  readonly arrayBufferBytes: number;
  /** Of the process. */
  readonly rssBytes: number;
}

export const NO_MEMORY: MemoryInUse = { heapBytes: 0, arrayBufferBytes: 0, rssBytes: 0 };

const ASK = 'memory in use';
const ANSWER_TIMEOUT_MS = 20_000;

/** What two threads have together; the process is the same. */
export function together(here: MemoryInUse, there: MemoryInUse): MemoryInUse {
  return {
    heapBytes: here.heapBytes + there.heapBytes,
    arrayBufferBytes: here.arrayBufferBytes + there.arrayBufferBytes,
    rssBytes: here.rssBytes,
  };
}

/** What has come to it meanwhile. */
export function growth(before: MemoryInUse, after: MemoryInUse): MemoryInUse {
  return {
    heapBytes: after.heapBytes - before.heapBytes,
    arrayBufferBytes: after.arrayBufferBytes - before.arrayBufferBytes,
    rssBytes: after.rssBytes - before.rssBytes,
  };
}

export function memoryInUse(): MemoryInUse {
  collectGarbage();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heapBytes: heapUsed, arrayBufferBytes: arrayBuffers, rssBytes: rss };
}

/** What a worker has in use that calls `answerMemory` and posts nothing else. */
export async function memoryOfWorker(worker: Worker): Promise<MemoryInUse> {
  worker.postMessage(ASK);
  const [answer] = await once(worker, 'message', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  return answer as MemoryInUse;
}

export function answerMemory(port: MessagePort): void {
  port.on('message', (message: unknown) => {
    if (message === ASK) port.postMessage(memoryInUse());
  });
}
