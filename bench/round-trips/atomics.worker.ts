/** Answers AtomicsRequests: copies the data of each request from its slot to that of its answer. */
import { workerData } from 'node:worker_threads';
import { JobSeat } from '../harness/threads/JobControl.ts';
import { METADATA_LENGTH } from '../request-response/RequestContender.ts';
import { SharedSlots } from './SharedSlots.ts';

const { memory, slots, jobs } = workerData as { memory: SharedArrayBuffer; slots: number; jobs: SharedArrayBuffer };
const shared = new SharedSlots(slots, memory);
const data = shared.requests.map((request) => request.subarray(METADATA_LENGTH));
let answered = 0;

new JobSeat(jobs).serve((count) => {
  const end = answered + count;
  while (answered < end) {
    const asked = shared.waitForAsked(answered);
    for (; answered < asked; answered++) {
      (shared.answers[answered % slots] as Uint8Array).set(data[answered % slots] as Uint8Array);
    }
    shared.publishAnswered(answered);
  }
  return 0;
});
