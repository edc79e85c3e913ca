/** Answers, and on `stuck` keeps its thread busy within the handler until the gate opens. */
import { workerData } from 'node:worker_threads';
import type { Handler, PayloadLike } from 'flysocket/core';
import { acceptParent } from 'flysocket/shm-transport';

/** Word offsets in the shared memory that comes as workerData. */
const IS_STUCK = 0;
const GATE = 1;
const LONGEST_MS = 5_000;

const words = new Int32Array(workerData as SharedArrayBuffer);

async function* upTo(count: number): AsyncGenerator<PayloadLike> {
  for (let i = 0; i < count; i++) yield String(i);
}

const handler: Handler = {
  async requestResponse({ data }, { peer }) {
    if (data.length === 0) {
      // The worker has work of its own, so that everything is counted in both directions.
      for await (const item of peer.requestStream('300', { prefetch: 10 })) await peer.fireAndForget(item);
    }
    return data;
  },
  fireAndForget(payload) {
    if (payload.dataUtf8() !== 'stuck') return;
    Atomics.store(words, IS_STUCK, 1);
    const end = performance.now() + LONGEST_MS;
    while (Atomics.load(words, GATE) === 0 && performance.now() < end);
  },
  requestStream: (payload) => upTo(Number(payload.dataUtf8())),
  requestChannel: (payloads) => payloads,
};

await acceptParent({ handler });
