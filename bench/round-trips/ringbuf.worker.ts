/** Answers RingbufRequests. */
import { workerData } from 'node:worker_threads';
import { JobSeat } from '../harness/threads/JobControl.ts';
import { SpinLimit } from '../harness/threads/SpinLimit.ts';
import { loadRival } from '../loadRival.ts';
import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';
import type { RingbufJs } from '../ring/ringbufJs.ts';

const memories = workerData as Record<'requests' | 'answers' | 'jobs', SharedArrayBuffer>;
const { RingBuffer } = loadRival<RingbufJs>('ringbuf.js') as RingbufJs;
const inbound = new RingBuffer(memories.requests, Uint8Array);
const outbound = new RingBuffer(memories.answers, Uint8Array);
const request = new Uint8Array(METADATA_LENGTH + DATA_LENGTH);
const data = request.subarray(METADATA_LENGTH);
const limit = new SpinLimit();

new JobSeat(memories.jobs).serve((count) => {
  for (let answered = 0; answered < count; answered++) {
    while (inbound.availableRead() < request.length) limit.spin();
    inbound.pop(request, request.length);
    while (outbound.availableWrite() < DATA_LENGTH) limit.spin();
    limit.reset();
    outbound.push(data, DATA_LENGTH);
  }
  return 0;
});
